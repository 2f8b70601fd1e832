{{/* The configuration file of each service, and validation whose messages state the setting to use instead. */}}

{{- define "guildcast.validate" -}}
{{- $v := .root.Values -}}
{{- if not $v.kafka.bootstrapServers -}}
{{- fail "kafka.bootstrapServers is empty: give your brokers as host:port[,host:port], for example --set kafka.bootstrapServers=kafka-0.kafka:9092" -}}
{{- end -}}
{{- if not $v.redis.host -}}
{{- fail "redis.host is empty: give your Redis or Valkey by host name, for example --set redis.host=redis-master" -}}
{{- end -}}
{{- if and (eq $v.tokens.verifier "jwt-issuer") (not $v.tokens.issuer) -}}
{{- fail "tokens.issuer is empty: tokens.verifier=jwt-issuer needs the OpenID issuer, for example --set tokens.issuer=https://id.example.org" -}}
{{- end -}}
{{- if and (eq $v.tokens.verifier "introspection") (not $v.tokens.introspection.uri) -}}
{{- fail "tokens.introspection.uri is empty: tokens.verifier=introspection needs the endpoint, for example --set tokens.introspection.uri=https://id.example.org/introspect" -}}
{{- end -}}
{{- if and (ne $v.tokens.verifier "jwt-issuer") (not $v.tokens.secret) -}}
{{- fail (printf "tokens.secret is empty: tokens.verifier=%s needs the name of a Secret with %s" $v.tokens.verifier (ternary "the key hs256-secret" "the keys client-id and client-secret" (eq $v.tokens.verifier "jwt-secret"))) -}}
{{- end -}}
{{- if gt (int (add $v.topology.guildShards $v.topology.dedicatedShards)) 4096 -}}
{{- fail (printf "topology.guildShards (%d) and topology.dedicatedShards (%d) together exceed 4096: lower one of them" (int $v.topology.guildShards) (int $v.topology.dedicatedShards)) -}}
{{- end -}}
{{- end -}}

{{- define "guildcast.shared" -}}
guildcast:
  kafka:
    bootstrap-servers: {{ .root.Values.kafka.bootstrapServers | quote }}
    prefix: {{ .root.Values.kafka.prefix | quote }}
  topology:
    guild-shards: {{ .root.Values.topology.guildShards }}
    dedicated-shards: {{ .root.Values.topology.dedicatedShards }}
    user-shards: {{ .root.Values.topology.userShards }}
    session-shards: {{ .root.Values.topology.sessionShards }}
  coordinator:
    target: {{ include "guildcast.grpcAddress" (dict "root" .root "name" "shard-coordinator") | quote }}
  node:
    id: ${POD_NAME}
    {{- if ne .key "gateway" }}
    address: ${POD_IP}:9090
    {{- end }}
server:
  port: 8080
spring:
  lifecycle:
    timeout-per-shutdown-phase: {{ add .values.drainSeconds 10 }}s
  {{- if ne .key "gateway" }}
  grpc:
    server:
      port: 9090
  {{- end }}
  {{- if has .key (list "gateway" "presence" "voice") }}
  data:
    redis:
      host: {{ .root.Values.redis.host | quote }}
      port: {{ .root.Values.redis.port }}
      ssl:
        enabled: {{ .root.Values.redis.tls }}
  {{- end }}
{{- end -}}

{{- define "guildcast.own" -}}
{{- $v := .root.Values -}}
{{- if eq .key "gateway" -}}
gateway:
  connections:
    max: {{ .values.connectionsMax }}
  drain:
    window: {{ .values.drainSeconds }}s
  public:
    url: {{ .values.publicUrl | quote }}
  voice:
    target: {{ printf "dns:///%s" (include "guildcast.grpcAddress" (dict "root" .root "name" "voice-signaling-service")) | quote }}
  token:
    {{- if eq $v.tokens.verifier "introspection" }}
    kind: introspection
    introspection:
      uri: {{ $v.tokens.introspection.uri | quote }}
    {{- else }}
    kind: jwt
    {{- if eq $v.tokens.verifier "jwt-issuer" }}
    jwt:
      issuer: {{ $v.tokens.issuer | quote }}
    {{- end }}
    {{- end }}
{{- else if eq .key "session" -}}
session:
  placement: coordinator
  drain: {{ .values.drainSeconds }}s
  presence:
    target: {{ include "guildcast.grpcAddress" (dict "root" .root "name" "presence-service") | quote }}
{{- else if eq .key "fanout" -}}
fanout:
  placement: coordinator
  drain: {{ .values.drainSeconds }}s
  presence:
    target: {{ include "guildcast.grpcAddress" (dict "root" .root "name" "presence-service") | quote }}
ingress:
  http:
    address: 0.0.0.0
    port: {{ .values.ingressPort }}
{{- else if eq .key "coordinator" -}}
coordinator:
  topics:
    replication: {{ $v.kafka.replicationFactor }}
    min-insync: {{ min 2 $v.kafka.replicationFactor }}
{{- end -}}
{{- end -}}

{{- define "guildcast.configFile" -}}
{{- $shared := include "guildcast.shared" . | fromYaml -}}
{{- $own := include "guildcast.own" . | fromYaml -}}
{{- mergeOverwrite $shared $own (.values.config | default dict) | toYaml -}}
{{- end -}}

{{- define "guildcast.config" -}}
# Read by the service at its start. Contains no secrets: those come from the environment or mounted files.
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "guildcast.fullname" . }}
  labels: {{- include "guildcast.labels" . | nindent 4 }}
data:
  {{ .name }}.yml: |
    {{- include "guildcast.configFile" . | nindent 4 }}
{{- end -}}

{{/* Environment variables from Secrets. Missing optional keys are omitted. */}}
{{- define "guildcast.secretEnv" -}}
{{- $v := .root.Values -}}
{{- if and $v.redis.authSecret (has .key (list "gateway" "presence" "voice")) }}
- name: SPRING_DATA_REDIS_USERNAME
  valueFrom: { secretKeyRef: { name: {{ $v.redis.authSecret }}, key: username, optional: true } }
- name: SPRING_DATA_REDIS_PASSWORD
  valueFrom: { secretKeyRef: { name: {{ $v.redis.authSecret }}, key: password } }
{{- end }}
{{- if and (eq .key "gateway") (eq $v.tokens.verifier "jwt-secret") }}
- name: GATEWAY_TOKEN_JWT_SECRET
  valueFrom: { secretKeyRef: { name: {{ $v.tokens.secret }}, key: hs256-secret } }
{{- end }}
{{- if and (eq .key "gateway") (eq $v.tokens.verifier "introspection") }}
- name: GATEWAY_TOKEN_INTROSPECTION_CLIENTID
  valueFrom: { secretKeyRef: { name: {{ $v.tokens.secret }}, key: client-id } }
- name: GATEWAY_TOKEN_INTROSPECTION_CLIENTSECRET
  valueFrom: { secretKeyRef: { name: {{ $v.tokens.secret }}, key: client-secret } }
{{- end }}
{{- end -}}
