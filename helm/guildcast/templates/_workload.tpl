{{/* The Kubernetes objects of one service. Each template takes a dict: root, key (in the values), name, values. */}}

{{/* The services by their keys in the values. */}}
{{- define "guildcast.names" -}}
gateway: gateway-service
session: session-service
fanout: fanout-service
presence: presence-service
voice: voice-signaling-service
coordinator: shard-coordinator
{{- end -}}

{{/* At most 58 characters: the headless Service appends "-grpc", and a name has at most 63. */}}
{{- define "guildcast.fullname" -}}
{{- printf "%s-%s" .root.Release.Name .name | trunc 58 | trimSuffix "-" -}}
{{- end -}}

{{- define "guildcast.selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end -}}

{{- define "guildcast.labels" -}}
{{ include "guildcast.selector" . }}
app.kubernetes.io/part-of: guildcast
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "guildcast.account" -}}
{{- if .root.Values.serviceAccount.create -}}{{ include "guildcast.fullname" . }}{{- else -}}default{{- end -}}
{{- end -}}

{{- define "guildcast.serviceaccount" -}}
{{- if .root.Values.serviceAccount.create -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "guildcast.fullname" . }}
  labels: {{- include "guildcast.labels" . | nindent 4 }}
  {{- with .root.Values.serviceAccount.annotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: false
{{- end -}}
{{- end -}}

{{- define "guildcast.disruption" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "guildcast.fullname" . }}
  labels: {{- include "guildcast.labels" . | nindent 4 }}
spec:
  maxUnavailable: {{ if kindIs "invalid" .values.maxUnavailable }}1{{ else if kindIs "string" .values.maxUnavailable }}{{ .values.maxUnavailable | quote }}{{ else }}{{ int .values.maxUnavailable }}{{ end }}
  # A pod that is not ready serves nobody: it must not keep a node from being drained.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels: {{- include "guildcast.selector" . | nindent 6 }}
{{- end -}}

{{- define "guildcast.headless" -}}
# Resolves to each pod's own address: gRPC balances over pods, and nodes call each other directly.
apiVersion: v1
kind: Service
metadata:
  name: {{ include "guildcast.fullname" . }}-grpc
  labels: {{- include "guildcast.labels" . | nindent 4 }}
spec:
  clusterIP: None
  # A node must be reachable by its peers before it is ready: they take part in restoring its shards.
  publishNotReadyAddresses: true
  selector: {{- include "guildcast.selector" . | nindent 4 }}
  ports:
    - name: grpc
      port: 9090
      targetPort: grpc
{{- end -}}

{{- define "guildcast.grpcAddress" -}}
{{- printf "%s-grpc.%s.svc:9090" (include "guildcast.fullname" .) .root.Release.Namespace -}}
{{- end -}}

{{/* The Secret with the certificate that clients see, or nothing. */}}
{{- define "guildcast.tlsSecret" -}}
{{- if eq .key "gateway" -}}
{{- $tls := .root.Values.gateway.tls -}}
{{- if $tls.secretName -}}{{ $tls.secretName }}
{{- else if $tls.certificate.create -}}{{ include "guildcast.fullname" . }}-tls
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The Secret with the certificate that proves the service's role to the others, or nothing. */}}
{{- define "guildcast.internalSecret" -}}
{{- $internal := .root.Values.internal -}}
{{- if not $internal.plaintext -}}
{{- if $internal.tls.certificate.create -}}{{ include "guildcast.internalName" . }}
{{- else -}}{{ index $internal.tls.secrets .key }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Of the Certificate of a role, and of its Secret. */}}
{{- define "guildcast.internalName" -}}
{{- printf "%s-%s-internal" .root.Release.Name .key | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "guildcast.identityPrefix" -}}
{{- .root.Values.internal.identityPrefix | default (printf "spiffe://guildcast.internal/%s/%s/guildcast/" .root.Release.Namespace .root.Release.Name) -}}
{{- end -}}

{{- define "guildcast.usesRedis" -}}
{{- if has .key (list "gateway" "presence" "voice") -}}true{{- end -}}
{{- end -}}

{{/* Annotations from the values override the chart's. */}}
{{- define "guildcast.podAnnotations" -}}
{{- $ours := dict "checksum/config" (include "guildcast.config" . | sha256sum) "prometheus.io/scrape" "true" "prometheus.io/port" "8081" "prometheus.io/path" "/actuator/prometheus" -}}
{{- mergeOverwrite $ours (.values.podAnnotations | default dict) | toYaml -}}
{{- end -}}

{{- define "guildcast.image" -}}
{{- $image := .root.Values.image -}}
{{- if $image.digest -}}
{{ $image.repository }}@{{ $image.digest }}
{{- else -}}
{{ $image.repository }}:{{ $image.tag | default .root.Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- define "guildcast.deployment" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "guildcast.fullname" . }}
  labels: {{- include "guildcast.labels" . | nindent 4 }}
spec:
  replicas: {{ int .values.replicas }}
  selector:
    matchLabels: {{- include "guildcast.selector" . | nindent 6 }}
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxSurge: 1
      maxUnavailable: 0
  template:
    metadata:
      labels: {{- include "guildcast.labels" . | nindent 8 }}
      annotations:
        {{- include "guildcast.podAnnotations" . | nindent 8 }}
    spec:
      serviceAccountName: {{ include "guildcast.account" . }}
      automountServiceAccountToken: false
      # Variables named after the namespace's Services would be read as properties: a Service `server` sets `server.port`.
      enableServiceLinks: false
      # Longer than the drain, or connections would be cut before their clients have reacted to op 7.
      terminationGracePeriodSeconds: {{ add .root.Values.preStopSeconds .values.drainSeconds 15 }}
      {{- with .root.Values.image.pullSecrets }}
      imagePullSecrets: {{- toYaml . | nindent 8 }}
      {{- end }}
      securityContext:
        runAsNonRoot: true
        runAsUser: 10001
        runAsGroup: 10001
        fsGroup: 10001
        seccompProfile: { type: RuntimeDefault }
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels: {{- include "guildcast.selector" . | nindent 14 }}
      containers:
        - name: {{ .name }}
          image: {{ include "guildcast.image" . | quote }}
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          args: [{{ .name }}]
          env:
            - name: POD_IP
              valueFrom: { fieldRef: { fieldPath: status.podIP } }
            - name: POD_NAME
              valueFrom: { fieldRef: { fieldPath: metadata.name } }
            - name: SPRING_CONFIG_ADDITIONAL_LOCATION
              value: file:/etc/guildcast/config/
            - name: JAVA_OPTIONS
              value: {{ .values.jvmOptions | default "" | quote }}
            - name: SPRING_CONFIG_IMPORT
              value: optional:configtree:/etc/guildcast/secrets/
            {{- with include "guildcast.secretEnv" . | trim }}
            {{- . | nindent 12 }}
            {{- end }}
          ports:
            - { name: management, containerPort: 8081 }
            {{- if eq .key "gateway" }}
            - { name: http, containerPort: 8080 }
            {{- else }}
            - { name: grpc, containerPort: 9090 }
            {{- end }}
            {{- if eq .key "fanout" }}
            - { name: ingress, containerPort: 8090 }
            - { name: ingress-grpc, containerPort: 9091 }
            {{- end }}
          startupProbe:
            httpGet: { path: /actuator/health/liveness, port: management }
            periodSeconds: 2
            failureThreshold: 60
          # Does not check Redis, Kafka or other services: restarting this pod repairs none of them.
          livenessProbe:
            httpGet: { path: /actuator/health/liveness, port: management }
            periodSeconds: 10
            failureThreshold: 3
          readinessProbe:
            httpGet: { path: /actuator/health/readiness, port: management }
            periodSeconds: 2
            failureThreshold: 2
          {{- if int .root.Values.preStopSeconds }}
          lifecycle:
            preStop:
              sleep: { seconds: {{ int .root.Values.preStopSeconds }} }
          {{- end }}
          resources: {{- toYaml .values.resources | nindent 12 }}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: { drop: [ALL] }
          volumeMounts:
            - { name: config, mountPath: /etc/guildcast/config, readOnly: true }
            - { name: tmp, mountPath: /tmp }
            {{- if and (eq .key "fanout") .root.Values.ingress.publishersSecret }}
            - { name: publishers, mountPath: /etc/guildcast/publishers, readOnly: true }
            {{- end }}
            {{- if include "guildcast.tlsSecret" . }}
            - { name: clients-tls, mountPath: /etc/guildcast/tls/clients, readOnly: true }
            {{- end }}
            {{- if include "guildcast.internalSecret" . }}
            - { name: internal-tls, mountPath: /etc/guildcast/tls/internal, readOnly: true }
            {{- end }}
            {{- if and .root.Values.redis.caSecret (include "guildcast.usesRedis" .) }}
            - { name: redis-ca, mountPath: /etc/guildcast/tls/redis, readOnly: true }
            {{- end }}
      volumes:
        {{- with include "guildcast.tlsSecret" . }}
        - name: clients-tls
          secret: { secretName: {{ . }}, defaultMode: 0440 }
        {{- end }}
        {{- with include "guildcast.internalSecret" . }}
        - name: internal-tls
          secret: { secretName: {{ . }}, defaultMode: 0440 }
        {{- end }}
        {{- if and .root.Values.redis.caSecret (include "guildcast.usesRedis" .) }}
        - name: redis-ca
          secret: { secretName: {{ .root.Values.redis.caSecret }}, items: [{ key: ca.crt, path: ca.crt }] }
        {{- end }}
        {{- if and (eq .key "fanout") .root.Values.ingress.publishersSecret }}
        - name: publishers
          secret: { secretName: {{ .root.Values.ingress.publishersSecret }} }
        {{- end }}
        - name: config
          configMap: { name: {{ include "guildcast.fullname" . }} }
        # For native libraries, which are unpacked at start: a few MB.
        - name: tmp
          emptyDir: { sizeLimit: 128Mi }
      {{- with .values.nodeSelector }}
      nodeSelector: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .values.tolerations }}
      tolerations: {{- toYaml . | nindent 8 }}
      {{- end }}
{{- end -}}
