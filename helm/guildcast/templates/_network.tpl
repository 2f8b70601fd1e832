{{/* Who may call whom. Pods of this chart accept and open no other connection. */}}

{{/* The services that call the gRPC port of each service. */}}
{{- define "guildcast.callers" -}}
gateway: []
session: [gateway, presence]
fanout: [voice]
presence: [session, fanout]
voice: [gateway]
coordinator: [gateway, session, fanout, presence, voice]
{{- end -}}

{{- define "guildcast.peer" -}}
- podSelector:
    matchLabels: {{- include "guildcast.selector" . | nindent 6 }}
{{- end -}}

{{/* Ports as a list of {protocol, port}; of a comma-separated list of host:port where none are given. */}}
{{- define "guildcast.ports" -}}
{{- range $port := .ports }}
- { protocol: TCP, port: {{ int $port }} }
{{- end -}}
{{- if not .ports -}}
{{- range $port := regexFindAll ":[0-9]+(,|$)" (default "" .addresses) -1 | uniq }}
- { protocol: TCP, port: {{ $port | trimPrefix ":" | trimSuffix "," }} }
{{- end -}}
{{- end -}}
{{- end -}}

{{/* host:port of the identity provider. */}}
{{- define "guildcast.identityAddress" -}}
{{- $tokens := .root.Values.tokens -}}
{{- $uri := "" -}}
{{- if eq $tokens.verifier "jwt-issuer" -}}{{- $uri = $tokens.issuer -}}{{- end -}}
{{- if eq $tokens.verifier "introspection" -}}{{- $uri = $tokens.introspection.uri -}}{{- end -}}
{{- if $uri -}}
{{- $url := urlParse $uri -}}
{{- if regexMatch ":[0-9]+$" $url.host -}}{{ $url.host }}{{- else -}}{{ $url.host }}:{{ ternary 80 443 (eq $url.scheme "http") }}{{- end -}}
{{- end -}}
{{- end -}}

{{- define "guildcast.egressTo" -}}
{{- $ports := include "guildcast.ports" . | trim -}}
{{- if $ports }}
- ports: {{- $ports | nindent 4 }}
  {{- with .to }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}
{{- end -}}

{{- define "guildcast.networkpolicy" -}}
{{- $root := .root -}}
{{- $key := .key -}}
{{- $v := .root.Values.networkPolicy -}}
{{- $names := include "guildcast.names" . | fromYaml -}}
{{- $callers := include "guildcast.callers" . | fromYaml -}}
{{- if $v.enabled -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "guildcast.fullname" . }}
  labels: {{- include "guildcast.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels: {{- include "guildcast.selector" . | nindent 6 }}
  # What no rule below names is denied.
  policyTypes: [Ingress, Egress]
  ingress:
    {{- if or $v.metrics.from $v.nodes }}
    # The actuator: metrics, and the kubelet's probes.
    - ports: [{ protocol: TCP, port: 8081 }]
      from:
        {{- with $v.metrics.from }}{{ toYaml . | nindent 8 }}{{ end }}
        {{- range $v.nodes }}
        - ipBlock: { cidr: {{ . | quote }} }
        {{- end }}
    {{- end }}
    {{- if eq $key "gateway" }}
    # Clients.
    - ports: [{ protocol: TCP, port: 8080 }]
      {{- with $v.clients.from }}
      from: {{- toYaml . | nindent 8 }}
      {{- end }}
    {{- end }}
    {{- range $caller := index $callers $key }}
    - ports: [{ protocol: TCP, port: 9090 }]
      from: {{- include "guildcast.peer" (dict "root" $root "name" (index $names $caller)) | nindent 8 }}
    {{- end }}
    {{- if and (eq $key "fanout") $v.publishers.from }}
    # Publishers, by HTTP and by gRPC.
    - ports: [{ protocol: TCP, port: 8090 }, { protocol: TCP, port: 9091 }]
      from: {{- toYaml $v.publishers.from | nindent 8 }}
    {{- end }}
    {{- if and (eq $key "voice") $v.voiceServers.from }}
    # Voice servers, which register themselves.
    - ports: [{ protocol: TCP, port: 9090 }]
      from: {{- toYaml $v.voiceServers.from | nindent 8 }}
    {{- end }}
  egress:
    # Names.
    - ports:
        {{- range $v.dns.ports }}
        - { protocol: UDP, port: {{ int . }} }
        - { protocol: TCP, port: {{ int . }} }
        {{- end }}
      {{- with $v.dns.to }}
      to: {{- toYaml . | nindent 8 }}
      {{- end }}
    {{- range $callee, $who := $callers }}
    {{- if has $key $who }}
    - ports: [{ protocol: TCP, port: 9090 }]
      to: {{- include "guildcast.peer" (dict "root" $root "name" (index $names $callee)) | nindent 8 }}
    {{- end }}
    {{- end }}
    {{- if ne $key "gateway" }}
    # Kafka.
    {{- include "guildcast.egressTo" (dict "to" $v.kafka.to "ports" $v.kafka.ports "addresses" $root.Values.kafka.bootstrapServers) | nindent 4 }}
    {{- end }}
    {{- if include "guildcast.usesRedis" . }}
    # Redis.
    {{- include "guildcast.egressTo" (dict "to" $v.redis.to "ports" $v.redis.ports "addresses" (printf ":%d" (int $root.Values.redis.port))) | nindent 4 }}
    {{- end }}
    {{- if and (eq $key "gateway") (ne $root.Values.tokens.verifier "jwt-secret") }}
    # The identity provider.
    {{- include "guildcast.egressTo" (dict "to" $v.identity.to "ports" $v.identity.ports "addresses" (include "guildcast.identityAddress" .)) | nindent 4 }}
    {{- end }}
{{- end -}}
{{- end -}}
