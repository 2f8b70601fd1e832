{{/* The configuration file of each service. */}}

{{- define "guildcast.shared" -}}
guildcast:
  kafka:
    bootstrap-servers: {{ .root.Values.kafka.bootstrapServers | quote }}
    prefix: {{ .root.Values.kafka.prefix | quote }}
  topology:
    guild-shards: {{ int .root.Values.topology.guildShards }}
    dedicated-shards: {{ int .root.Values.topology.dedicatedShards }}
    user-shards: {{ int .root.Values.topology.userShards }}
    session-shards: {{ int .root.Values.topology.sessionShards }}
  coordinator:
    target: {{ include "guildcast.grpcAddress" (dict "root" .root "name" "shard-coordinator") | quote }}
  internal:
    {{- if include "guildcast.internalSecret" . }}
    tls: true
    identity-prefix: {{ include "guildcast.identityPrefix" . | quote }}
    {{- else }}
    # The network encrypts; the environment has the secret that proves a role.
    plaintext: true
    {{- end }}
  {{- if ne .key "gateway" }}
  node:
    # The image's entry point sets POD_HOST: POD_IP, in brackets if it is an IPv6 address. It also sets the node id, a new
    # one at each start.
    address: ${POD_HOST:${POD_IP}}:9090
  {{- end }}
{{- if ne .key "gateway" }}
server:
  # Only the actuator listens on this port.
  address: 0.0.0.0
  port: 8081
{{- end }}
management:
  endpoints:
    access:
      # Draining a gateway by HTTP is off: the port has no authentication.
      max-permitted: read-only
  endpoint:
    health:
      show-details: never
spring:
  lifecycle:
    timeout-per-shutdown-phase: {{ add (int .values.drainSeconds) 10 }}s
  {{- if ne .key "gateway" }}
  grpc:
    server:
      address: 0.0.0.0
      port: 9090
  {{- end }}
  {{- if include "guildcast.usesRedis" . }}
  data:
    redis:
      host: {{ .root.Values.redis.host | quote }}
      port: {{ int .root.Values.redis.port }}
      ssl:
        enabled: {{ .root.Values.redis.tls }}
        {{- if and .root.Values.redis.tls .root.Values.redis.caSecret }}
        bundle: redis
        {{- end }}
  {{- end }}
  {{- $redisAuthority := and (include "guildcast.usesRedis" .) .root.Values.redis.tls .root.Values.redis.caSecret }}
  {{- if or $redisAuthority (include "guildcast.internalSecret" .) }}
  ssl:
    bundle:
      pem:
        {{- if $redisAuthority }}
        redis:
          truststore:
            certificate: file:/etc/guildcast/tls/redis/ca.crt
        {{- end }}
        {{- if include "guildcast.internalSecret" . }}
        internal:
          # A renewed certificate serves new connections; those that are open keep theirs.
          reload-on-update: true
          keystore:
            certificate: file:/etc/guildcast/tls/internal/tls.crt
            private-key: file:/etc/guildcast/tls/internal/tls.key
          truststore:
            certificate: file:/etc/guildcast/tls/internal/ca.crt
        {{- end }}
  {{- end }}
{{- end -}}

{{- define "guildcast.own" -}}
{{- $v := .root.Values -}}
{{- if eq .key "gateway" -}}
{{- $drain := int .values.drainSeconds -}}
{{- $closeAfter := min 10 (div $drain 2) | int -}}
{{- $span := sub $drain $closeAfter -}}
server:
  port: 8080
  {{- if include "guildcast.tlsSecret" . }}
  ssl:
    bundle: clients
  {{- end }}
management:
  server:
    # The actuator is not on the clients' port.
    address: 0.0.0.0
    port: 8081
    {{- if include "guildcast.tlsSecret" . }}
    ssl:
      enabled: false
    {{- end }}
{{- if include "guildcast.tlsSecret" . }}
spring:
  ssl:
    bundle:
      pem:
        clients:
          # A renewed certificate serves new connections; those that are open keep theirs.
          reload-on-update: true
          keystore:
            certificate: file:/etc/guildcast/tls/clients/tls.crt
            private-key: file:/etc/guildcast/tls/clients/tls.key
{{- end }}
gateway:
  connections:
    max: {{ int .values.connectionsMax }}
  socket:
    # Clients that do not read hold this much each; all connections of the default count then hold 1.25 GiB, which fits
    # the default memory limit. The service's own default would hold four times as much.
    outbound-limit: 64KB
  drain:
    window: {{ $drain }}s
    close-after: {{ $closeAfter }}s
    # Percent of the clients that are sent op 7 in one second, so that the last of them is sent it early enough to leave
    # before the window ends.
    share: {{ div (add $span 99) $span }}
  public:
    url: {{ .values.publicUrl | quote }}
  voice:
    target: {{ printf "dns:///%s" (include "guildcast.grpcAddress" (dict "root" .root "name" "voice-signaling-service")) | quote }}
  token:
    claims:
      audience: {{ $v.tokens.audience | quote }}
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
  drain: {{ int .values.drainSeconds }}s
  presence:
    target: {{ include "guildcast.grpcAddress" (dict "root" .root "name" "presence-service") | quote }}
{{- else if eq .key "fanout" -}}
fanout:
  placement: coordinator
  drain: {{ int .values.drainSeconds }}s
  presence:
    target: {{ include "guildcast.grpcAddress" (dict "root" .root "name" "presence-service") | quote }}
ingress:
  {{- if include "guildcast.internalSecret" . }}
  ssl-bundle: internal
  {{- end }}
  {{- if $v.ingress.publishersSecret }}
  publishers-file: /etc/guildcast/publishers/publishers.json
  {{- end }}
  http:
    address: 0.0.0.0
    port: 8090
  grpc:
    address: 0.0.0.0
    port: 9091
{{- else if eq .key "coordinator" -}}
coordinator:
  topics:
    replication: {{ int $v.kafka.replicationFactor }}
    # One less than there are, so that losing a broker stops no partition.
    min-insync: {{ max 1 (min 2 (sub (int $v.kafka.replicationFactor) 1)) }}
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
{{- if and $v.redis.authSecret (include "guildcast.usesRedis" .) }}
- name: SPRING_DATA_REDIS_USERNAME
  valueFrom: { secretKeyRef: { name: {{ $v.redis.authSecret }}, key: username, optional: true } }
- name: SPRING_DATA_REDIS_PASSWORD
  valueFrom: { secretKeyRef: { name: {{ $v.redis.authSecret }}, key: password } }
{{- end }}
{{- if $v.internal.plaintext }}
- name: GUILDCAST_INTERNAL_SECRET
  valueFrom: { secretKeyRef: { name: {{ $v.internal.secret }}, key: secret } }
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
