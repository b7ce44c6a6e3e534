{{/*
What a service reads from its environment. Takes { root, component, provider?, settings }.
Secrets come by reference alone; a reference that is `optional` may lack its key.
*/}}
{{- define "understudy.environment" -}}
{{- $values := .root.Values -}}
{{- if $values.redis.existingSecret }}
- name: REDIS_URL
  valueFrom: { secretKeyRef: { name: {{ $values.redis.existingSecret | quote }}, key: {{ $values.redis.secretKey | quote }} } }
{{- else }}
- name: REDIS_URL
  value: {{ $values.redis.url | quote }}
{{- end }}
- name: UNDERSTUDY_CONFIG
  value: /etc/understudy/understudy.yaml
- name: UNDERSTUDY_KEY_PREFIX
  value: {{ $values.keyPrefix | quote }}
- name: LOG_LEVEL
  value: {{ $values.logLevel | quote }}
{{- with $values.encryption.existingSecret }}
- name: UNDERSTUDY_ENCRYPTION_KEYS
  valueFrom: { secretKeyRef: { name: {{ . | quote }}, key: {{ $values.encryption.secretKey | quote }} } }
{{- end }}
{{- if $values.encryption.required }}
# Also without a Secret here: keys may come in another way, and a service that has none must not start.
- name: UNDERSTUDY_ENCRYPTION_REQUIRED
  value: 'true'
{{- end }}
{{- with $values.metrics.existingSecret }}
- name: UNDERSTUDY_METRICS_TOKEN
  valueFrom: { secretKeyRef: { name: {{ . | quote }}, key: {{ $values.metrics.secretKey | quote }} } }
{{- end }}
{{- if eq .component "api" }}
- name: HOST
  value: 0.0.0.0
- name: PORT
  value: '8080'
{{- with $values.keys.existingSecret }}
- name: UNDERSTUDY_API_KEY
  valueFrom: { secretKeyRef: { name: {{ . | quote }}, key: UNDERSTUDY_API_KEY, optional: true } }
- name: UNDERSTUDY_KEY_PEPPER
  valueFrom: { secretKeyRef: { name: {{ . | quote }}, key: UNDERSTUDY_KEY_PEPPER, optional: true } }
{{- end }}
{{- else }}
# Metrics and health of every service but the API, which has a door of its own.
- name: UNDERSTUDY_METRICS_HOST
  value: 0.0.0.0
- name: UNDERSTUDY_METRICS_PORT
  value: '9464'
{{- end }}
{{- if has .component (list "api" "batch-runner") }}
- name: UNDERSTUDY_FILES_PATH
  value: /data/files
{{- end }}
{{- with .provider }}
- name: UNDERSTUDY_PROVIDERS
  value: {{ . | quote }}
{{- end }}
{{- with concat ($values.env | default list) (.settings.env | default list) }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Secrets and config maps whose members all become variables. Takes the same. */}}
{{- define "understudy.environmentFrom" -}}
{{- $values := .root.Values -}}
{{- range .settings.secrets }}
- secretRef: { name: {{ . | quote }} }
{{- end }}
{{- if and $values.files.existingSecret (has .component (list "api" "batch-runner")) }}
- secretRef: { name: {{ $values.files.existingSecret | quote }} }
{{- end }}
{{- with concat ($values.envFrom | default list) (.settings.envFrom | default list) }}
{{ toYaml . }}
{{- end }}
{{- end -}}
