{{/*
The settings of one provider's workers: those of all, and what is said of this one.
Takes { root, provider }; gives YAML.
*/}}
{{- define "understudy.worker" -}}
{{- $all := omit .root.Values.workers "providers" | deepCopy -}}
{{- $own := get .root.Values.workers.providers .provider | default dict | deepCopy -}}
{{- mergeOverwrite $all $own | toYaml -}}
{{- end -}}

{{/* What cannot be right is told before anything is installed. */}}
{{- define "understudy.check" -}}
{{- $providers := .Values.config.providers | default dict -}}
{{- range $name, $_ := .Values.workers.providers -}}
{{- if not (hasKey $providers $name) -}}
{{- fail (printf "workers.providers.%s: config.providers has no %q; it has %s" $name $name (keys $providers | sortAlpha | join ", " | default "none")) -}}
{{- end -}}
{{- end -}}
{{- range $name, $provider := $providers -}}
{{- if not $provider.kind -}}
{{- fail (printf "config.providers.%s: has no kind, so no service can be started for it" $name) -}}
{{- end -}}
{{- $settings := include "understudy.worker" (dict "root" $ "provider" $name) | fromYaml -}}
{{- $scaling := $settings.autoscaling -}}
{{- if and $settings.enabled $scaling.enabled (not (or $scaling.prometheus.serverAddress $scaling.redis.address)) -}}
{{- fail (printf "workers of %s: KEDA needs prometheus.serverAddress or redis.address to know how many jobs wait; set one in workers.autoscaling, or in workers.providers.%s.autoscaling" $name $name) -}}
{{- end -}}
{{- $redis := $scaling.redis -}}
{{- if and $settings.enabled $scaling.enabled (not $scaling.prometheus.serverAddress) (eq $redis.type "redis-sentinel") (not $redis.sentinelMaster) -}}
{{- fail (printf "workers of %s: KEDA asks sentinels for a server by its name; set redis.sentinelMaster in workers.autoscaling, or in workers.providers.%s.autoscaling" $name $name) -}}
{{- end -}}
{{- $numbered := "^rediss?(://[^/]+|\\+sentinel://[^/]+/[^/?]+)/([0-9]+)([?].*)?$" -}}
{{- if and $settings.enabled $scaling.enabled (not $scaling.prometheus.serverAddress) (not $.Values.redis.existingSecret) -}}
{{- $url := $.Values.redis.url | default "" -}}
{{- $database := regexMatch $numbered $url | ternary (regexReplaceAll $numbered $url "${2}") "0" -}}
{{- if ne (int $database) (int $redis.database) -}}
{{- fail (printf "workers of %s: redis.url names the database %s, and KEDA would look in %d; set redis.database in workers.autoscaling, or in workers.providers.%s.autoscaling" $name $database (int $redis.database) $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if not (or .Values.redis.existingSecret .Values.redis.url) -}}
{{- fail "redis: name the Secret that holds the URL of your Redis (redis.existingSecret), or give a URL without a password (redis.url)" -}}
{{- end -}}
{{- $s3 := dig "files" "s3" dict .Values.config -}}
{{- if and .Values.batchRunner.enabled (not $s3) (not .Values.files.persistence.enabled) -}}
{{- fail "files: API and batch runner must see the same files; set config.files.s3, or files.persistence.enabled with a class that mounts on several nodes, or batchRunner.enabled=false to do without files and batches" -}}
{{- end -}}
{{- $path := dig "files" "path" "" .Values.config -}}
{{- if and .Values.files.persistence.enabled $path (ne $path "/data/files") -}}
{{- fail (printf "config.files.path: the folder that pods share is mounted at /data/files, not at %q; leave the path out" $path) -}}
{{- end -}}
{{- if and .Values.monitoring.enabled (not .Values.metrics.existingSecret) -}}
{{- fail "metrics.existingSecret: Prometheus needs the token that opens /metrics of the API; name a Secret that holds one of 16 characters or more" -}}
{{- end -}}
{{- end -}}
