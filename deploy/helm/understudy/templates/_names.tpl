{{/* Names are cut so that "<fullname>-worker-<provider>" has at most 63 characters. */}}

{{- define "understudy.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 30 | trimSuffix "-" -}}
{{- else if contains (.Values.nameOverride | default .Chart.Name) .Release.Name -}}
{{- .Release.Name | trunc 30 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (.Values.nameOverride | default .Chart.Name) | trunc 30 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* A provider's name as part of an object's name. Two names that would look alike get a hash each. */}}
{{- define "understudy.slug" -}}
{{- $slug := . | lower | replace "_" "-" | replace "." "-" -}}
{{- if and (eq $slug .) (le (len $slug) 24) (not (hasSuffix "-" $slug)) -}}
{{- $slug -}}
{{- else -}}
{{- printf "%s-%s" ($slug | trunc 15 | trimSuffix "-") (sha256sum . | trunc 8) -}}
{{- end -}}
{{- end -}}

{{- define "understudy.chart" -}}
{{- printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* What every object carries. */}}
{{- define "understudy.labels" -}}
helm.sh/chart: {{ include "understudy.chart" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: understudy
{{ include "understudy.instance" . }}
{{- end -}}

{{/* What all pods of this release have in common, and no others. */}}
{{- define "understudy.instance" -}}
app.kubernetes.io/name: {{ .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Takes { root, component, provider? }: the pods of one deployment. Never changes between versions. */}}
{{- define "understudy.selector" -}}
{{ include "understudy.instance" .root }}
app.kubernetes.io/component: {{ .component }}
{{- with .provider }}
understudy/provider: {{ include "understudy.slug" . }}
{{- end }}
{{- end -}}

{{/* Takes { root, component, provider? }. */}}
{{- define "understudy.componentName" -}}
{{- printf "%s-%s" (include "understudy.fullname" .root) .component -}}
{{- with .provider }}-{{ include "understudy.slug" . }}{{ end -}}
{{- end -}}

{{- define "understudy.image" -}}
{{- $tag := .Values.image.tag | default .Chart.AppVersion -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository $tag -}}
{{- end -}}
{{- end -}}

{{- define "understudy.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "understudy.fullname" .) -}}
{{- else -}}
{{- .Values.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end -}}

{{- define "understudy.filesClaim" -}}
{{- .Values.files.persistence.existingClaim | default (printf "%s-files" (include "understudy.fullname" .)) -}}
{{- end -}}

{{/* Whole seconds of a duration of the configuration, such as 90s or 5m, rounded up. */}}
{{- define "understudy.seconds" -}}
{{- $match := regexFind "^[0-9]+([.][0-9]+)?(ms|s|m|h)$" . -}}
{{- if not $match -}}
{{- fail (printf "the chart cannot read the duration %q of config.defaults; write it as 30s, 5m or 1h" .) -}}
{{- end -}}
{{- $unit := regexFind "[a-z]+$" $match -}}
{{- $factor := get (dict "ms" 0.001 "s" 1.0 "m" 60.0 "h" 3600.0) $unit -}}
{{- mulf (trimSuffix $unit $match | float64) $factor | ceil | int -}}
{{- end -}}
