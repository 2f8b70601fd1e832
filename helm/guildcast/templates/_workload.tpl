{{/* The Kubernetes objects of one service. Each template takes a dict: root, key (in the values), name, values. */}}

{{- define "guildcast.fullname" -}}
{{- printf "%s-%s" .root.Release.Name .name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "guildcast.selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end -}}

{{- define "guildcast.labels" -}}
{{ include "guildcast.selector" . }}
app.kubernetes.io/part-of: guildcast
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
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
  maxUnavailable: {{ .values.maxUnavailable | default 1 }}
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

{{- define "guildcast.deployment" -}}
{{- include "guildcast.validate" . -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "guildcast.fullname" . }}
  labels: {{- include "guildcast.labels" . | nindent 4 }}
spec:
  replicas: {{ .values.replicas }}
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
        checksum/config: {{ include "guildcast.config" . | sha256sum }}
        prometheus.io/scrape: "true"
        prometheus.io/port: "8080"
        prometheus.io/path: /actuator/prometheus
        {{- with .values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ include "guildcast.account" . }}
      automountServiceAccountToken: false
      # Longer than the drain, or connections would be cut before their clients have reacted to op 7.
      terminationGracePeriodSeconds: {{ add .root.Values.preStopSeconds .values.drainSeconds 15 }}
      {{- with .root.Values.image.pullSecrets }}
      imagePullSecrets: {{- toYaml . | nindent 8 }}
      {{- end }}
      securityContext:
        runAsNonRoot: true
        runAsUser: 10001
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
          image: "{{ .root.Values.image.repository }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}"
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
            - { name: http, containerPort: 8080 }
            {{- if ne .key "gateway" }}
            - { name: grpc, containerPort: 9090 }
            {{- end }}
            {{- if eq .key "fanout" }}
            - { name: ingress, containerPort: {{ .values.ingressPort }} }
            {{- end }}
          startupProbe:
            httpGet: { path: /actuator/health/liveness, port: http }
            periodSeconds: 2
            failureThreshold: 60
          # Does not check Redis, Kafka or other services: restarting this pod repairs none of them.
          livenessProbe:
            httpGet: { path: /actuator/health/liveness, port: http }
            periodSeconds: 10
            failureThreshold: 3
          readinessProbe:
            httpGet: { path: /actuator/health/readiness, port: http }
            periodSeconds: 2
            failureThreshold: 2
          lifecycle:
            preStop:
              sleep: { seconds: {{ .root.Values.preStopSeconds }} }
          resources: {{- toYaml .values.resources | nindent 12 }}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: { drop: [ALL] }
          volumeMounts:
            - { name: config, mountPath: /etc/guildcast/config, readOnly: true }
            - { name: tmp, mountPath: /tmp }
            {{- if and (eq .key "fanout") .root.Values.ingress.tokensSecret }}
            # One file for each publisher, read as ingress.tokens.<publisher>.
            - { name: ingress-tokens, mountPath: /etc/guildcast/secrets/ingress/tokens, readOnly: true }
            {{- end }}
      volumes:
        {{- if and (eq .key "fanout") .root.Values.ingress.tokensSecret }}
        - name: ingress-tokens
          secret: { secretName: {{ .root.Values.ingress.tokensSecret }} }
        {{- end }}
        - name: config
          configMap: { name: {{ include "guildcast.fullname" . }} }
        - name: tmp
          emptyDir: {}
      {{- with .values.nodeSelector }}
      nodeSelector: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .values.tolerations }}
      tolerations: {{- toYaml . | nindent 8 }}
      {{- end }}
{{- end -}}
