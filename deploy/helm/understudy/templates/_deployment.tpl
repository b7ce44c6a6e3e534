{{/*
One service. Takes { root, component, entry, settings, closeSeconds, scaled?, provider? }: `entry` is
what Node runs, `closeSeconds` how long the service may take to close by itself, `scaled` whether
somebody else says how many there are.
*/}}
{{- define "understudy.deployment" -}}
{{- $values := .root.Values -}}
{{- $settings := .settings -}}
{{- $isApi := eq .component "api" -}}
{{/* A folder of each pod's own would take files that the next pod does not find, and lose them with the pod. */}}
{{- $files := and $values.files.persistence.enabled (has .component (list "api" "batch-runner")) -}}
{{- $port := ternary "http" "metrics" $isApi -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "understudy.componentName" . }}
  labels:
    {{- include "understudy.labels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .component }}
  {{- with .provider }}
  annotations:
    understudy/provider: {{ . | quote }}
  {{- end }}
spec:
  {{- if not .scaled }}
  replicas: {{ $settings.replicas }}
  {{- end }}
  revisionHistoryLimit: 3
  selector:
    matchLabels:
      {{- include "understudy.selector" . | nindent 6 }}
  strategy:
    type: RollingUpdate
    rollingUpdate: { maxUnavailable: 0, maxSurge: 1 }
  template:
    metadata:
      labels:
        {{- include "understudy.selector" . | nindent 8 }}
        app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
        {{- with mergeOverwrite (deepCopy $values.podLabels) ($settings.podLabels | default dict) }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      annotations:
        # A change of routes is taken up by what runs; any other change of the configuration starts it anew.
        checksum/config: {{ omit $values.config "routes" | toYaml | sha256sum }}
        {{- with mergeOverwrite (deepCopy $values.podAnnotations) ($settings.podAnnotations | default dict) }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      {{- with $values.imagePullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      serviceAccountName: {{ $settings.serviceAccountName | default (include "understudy.serviceAccountName" .root) }}
      # Nothing here speaks to Kubernetes.
      automountServiceAccountToken: false
      # A Service named like "understudy-metrics" would set UNDERSTUDY_METRICS_PORT to an address.
      enableServiceLinks: false
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        runAsGroup: 1000
        fsGroup: 1000
        fsGroupChangePolicy: OnRootMismatch
        seccompProfile: { type: RuntimeDefault }
      # The service's own limit, and five seconds to disconnect.
      terminationGracePeriodSeconds: {{ add .closeSeconds 5 }}
      {{- with $settings.priorityClassName | default $values.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
      {{- with $settings.nodeSelector | default $values.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $settings.tolerations | default $values.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $settings.affinity | default $values.affinity }}
      affinity:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- include "understudy.selector" . | nindent 14 }}
      containers:
        - name: {{ .component }}
          image: {{ include "understudy.image" .root | quote }}
          imagePullPolicy: {{ $values.image.pullPolicy }}
          command: [node, {{ .entry }}]
          ports:
            - { name: {{ $port }}, containerPort: {{ ternary 8080 9464 $isApi }} }
          env:
            {{- include "understudy.environment" . | nindent 12 }}
          {{- with include "understudy.environmentFrom" . }}
          envFrom:
            {{- . | nindent 12 }}
          {{- end }}
          # A service waits for Redis as long as it takes: then it is alive, and not ready.
          startupProbe:
            httpGet: { path: /healthz, port: {{ $port }} }
            periodSeconds: 2
            timeoutSeconds: 5
            failureThreshold: 60
          livenessProbe:
            httpGet: { path: /healthz, port: {{ $port }} }
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          readinessProbe:
            httpGet: { path: /readyz, port: {{ $port }} }
            periodSeconds: 5
            timeoutSeconds: 5
            failureThreshold: 3
          resources:
            {{- toYaml $settings.resources | nindent 12 }}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: { drop: [ALL] }
          volumeMounts:
            - { name: config, mountPath: /etc/understudy, readOnly: true }
            - { name: tmp, mountPath: /tmp }
            {{- if $files }}
            - { name: files, mountPath: /data/files }
            {{- end }}
            {{- with $settings.volumeMounts }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
      volumes:
        - name: config
          configMap: { name: {{ include "understudy.fullname" .root }} }
        - name: tmp
          emptyDir: { sizeLimit: 256Mi }
        {{- if $files }}
        - name: files
          persistentVolumeClaim: { claimName: {{ include "understudy.filesClaim" .root }} }
        {{- end }}
        {{- with $settings.volumes }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
{{- end -}}

{{/* Takes { root, component, provider? }: one pod of a deployment at a time may be moved. */}}
{{- define "understudy.disruptionBudget" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "understudy.componentName" . }}
  labels:
    {{- include "understudy.labels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .component }}
spec:
  maxUnavailable: 1
  # A pod that is not ready, because Redis is away for example, must not keep a node from being drained.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "understudy.selector" . | nindent 6 }}
{{- end -}}
