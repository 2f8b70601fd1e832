{{/* What the schema cannot express. Each problem is a line that names the value, says what is wrong, and what to write
instead; all are reported at once. */}}

{{- define "guildcast.validate" -}}
{{- with include "guildcast.problems" . | trim -}}
{{- fail (printf "the values cannot be used:\n%s" .) -}}
{{- end -}}
{{- end -}}

{{- define "guildcast.problems" -}}
{{- $v := .Values -}}
{{- include "guildcast.validateImage" $v.image -}}
{{- if not $v.kafka.bootstrapServers -}}
{{- println "kafka.bootstrapServers is empty: give your brokers as host:port[,host:port], for example --set kafka.bootstrapServers=kafka-0.kafka:9092" -}}
{{- else if not (regexMatch "^([^:,\\s\\[\\]]+|\\[[0-9a-fA-F:.]+\\]):[0-9]+(,([^:,\\s\\[\\]]+|\\[[0-9a-fA-F:.]+\\]):[0-9]+)*$" $v.kafka.bootstrapServers) -}}
{{- println (printf "kafka.bootstrapServers is %q: give host:port[,host:port], without spaces, an IPv6 address in brackets" $v.kafka.bootstrapServers) -}}
{{- end -}}
{{- if not $v.redis.host -}}
{{- println "redis.host is empty: give your Redis or Valkey by host name, for example --set redis.host=redis-master" -}}
{{- end -}}
{{- if and $v.redis.caSecret (not $v.redis.tls) -}}
{{- println (printf "redis.caSecret is %q but redis.tls is false: set redis.tls=true, or leave redis.caSecret empty" $v.redis.caSecret) -}}
{{- end -}}
{{- include "guildcast.validateTokens" $v.tokens -}}
{{- if gt (int (add $v.topology.guildShards $v.topology.dedicatedShards)) 4096 -}}
{{- println (printf "topology.guildShards (%d) and topology.dedicatedShards (%d) together exceed 4096: lower one of them" (int $v.topology.guildShards) (int $v.topology.dedicatedShards)) -}}
{{- end -}}
{{- if eq (int $v.fanout.ingressPort) 9090 -}}
{{- println "fanout.ingressPort is 9090, which the same Service uses for gRPC: give another port, such as 8090" -}}
{{- end -}}
{{- if or (lt (int $v.gateway.drainSeconds) 5) (gt (int $v.gateway.drainSeconds) 110) -}}
{{- println (printf "gateway.drainSeconds is %d: give 5 to 110. A gateway sends op 7 to at least 1 %% of its connections each second and closes who stays 10 s later, so that no drain lasts longer than 110 s" (int $v.gateway.drainSeconds)) -}}
{{- end -}}
{{- include "guildcast.validateTls" $v.gateway -}}
{{- include "guildcast.validateInternal" (dict "internal" $v.internal "names" (include "guildcast.names" . | fromYaml)) -}}
{{- range $key, $name := include "guildcast.names" . | fromYaml -}}
{{- $disruptions := (index $v $key).maxUnavailable -}}
{{- if and (kindIs "string" $disruptions) (not (regexMatch "^(100|[1-9]?[0-9])%$" $disruptions)) -}}
{{- println (printf "%s.maxUnavailable is %q: give a number of pods, such as 1, or a share, such as 25%%" $key $disruptions) -}}
{{- end -}}
{{- include "guildcast.validateOverrides" (dict "key" $key "values" (index $v $key)) -}}
{{- end -}}
{{- end -}}

{{- define "guildcast.validateImage" -}}
{{- if not .repository -}}
{{- println "image.repository is empty: no public image exists. Build one with `docker build .`, push it to your registry, and give its name there, for example --set image.repository=registry.example.org/guildcast" -}}
{{- else if not (regexMatch "^[a-z0-9][a-z0-9.:-]*(/[a-z0-9][a-z0-9._-]*)*$" .repository) -}}
{{- println (printf "image.repository is %q: give registry-host[:port]/name in lower case, without scheme and tag, for example registry.example.org/guildcast" .repository) -}}
{{- else -}}
{{- $registry := index (splitList "/" .repository) 0 -}}
{{- if or (not (contains "/" .repository)) (not (or (contains "." $registry) (contains ":" $registry) (eq $registry "localhost"))) -}}
{{- println (printf "image.repository is %q, which names no registry and would be pulled from Docker Hub, whoever owns that name there: begin with your registry's host, for example registry.example.org/guildcast (or docker.io/... if Docker Hub is meant)" .repository) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "guildcast.validateTokens" -}}
{{- range $name, $uri := dict "tokens.issuer" .issuer "tokens.introspection.uri" .introspection.uri -}}
{{- if and $uri (not (regexMatch "^https?://[^\\s/?#]+\\S*$" $uri)) -}}
{{- println (printf "%s is %q: give a URL, such as https://id.example.org" $name $uri) -}}
{{- end -}}
{{- end -}}
{{- if and (eq .verifier "jwt-issuer") (not .issuer) -}}
{{- println "tokens.issuer is empty: tokens.verifier=jwt-issuer needs the OpenID issuer, for example --set tokens.issuer=https://id.example.org" -}}
{{- end -}}
{{- if and (eq .verifier "introspection") (not .introspection.uri) -}}
{{- println "tokens.introspection.uri is empty: tokens.verifier=introspection needs the endpoint, for example --set tokens.introspection.uri=https://id.example.org/introspect" -}}
{{- end -}}
{{- if and (ne .verifier "jwt-issuer") (not .secret) -}}
{{- println (printf "tokens.secret is empty: tokens.verifier=%s needs the name of a Secret with %s" .verifier (ternary "the key hs256-secret" "the keys client-id and client-secret" (eq .verifier "jwt-secret"))) -}}
{{- end -}}
{{- end -}}

{{- define "guildcast.validateTls" -}}
{{- if .tls.certificate.create -}}
{{- if not .tls.certificate.issuerRef.name -}}
{{- println "gateway.tls.certificate.issuerRef.name is empty: name the cert-manager issuer that signs the certificate, for example --set gateway.tls.certificate.issuerRef.name=letsencrypt" -}}
{{- end -}}
{{- if not .tls.certificate.dnsNames -}}
{{- println "gateway.tls.certificate.dnsNames is empty: list the host names that clients connect to, for example --set gateway.tls.certificate.dnsNames={gateway.example.org}" -}}
{{- end -}}
{{- end -}}
{{- if and .publicUrl (not (regexMatch "^wss?://[^/?#\\s]+$" .publicUrl)) -}}
{{- println (printf "gateway.publicUrl is %q: give ws://host[:port] or wss://host[:port] and nothing behind it, since clients append the path" .publicUrl) -}}
{{- end -}}
{{- if and (or .tls.secretName .tls.certificate.create) (hasPrefix "ws://" .publicUrl) -}}
{{- println (printf "gateway.publicUrl is %q but gateway.tls is on: clients would be sent to a port without TLS. Write wss://" .publicUrl) -}}
{{- end -}}
{{- end -}}

{{- define "guildcast.validateInternal" -}}
{{- $internal := .internal -}}
{{- $missing := list -}}
{{- $given := list -}}
{{- range $key := keys .names | sortAlpha -}}
{{- if index $internal.tls.secrets $key -}}{{- $given = append $given $key -}}{{- else -}}{{- $missing = append $missing $key -}}{{- end -}}
{{- end -}}
{{- if $internal.plaintext -}}
{{- if or $given $internal.tls.certificate.create -}}
{{- println "internal.plaintext is true, but internal.tls gives certificates: leave one of them out" -}}
{{- end -}}
{{- if not $internal.secret -}}
{{- println "internal.secret is empty: internal.plaintext needs the name of a Secret with the key secret, from which the services know each other" -}}
{{- end -}}
{{- else if $internal.tls.certificate.create -}}
{{- if not $internal.tls.certificate.issuerRef.name -}}
{{- println "internal.tls.certificate.issuerRef.name is empty: name the cert-manager issuer with your own authority, for example --set internal.tls.certificate.issuerRef.name=guildcast-authority" -}}
{{- end -}}
{{- if $given -}}
{{- println (printf "internal.tls.secrets.%s is set, but internal.tls.certificate.create makes the Secrets: leave one of them out" (first $given)) -}}
{{- end -}}
{{- else if $missing -}}
{{- println (printf "internal.tls gives no certificate to %s: the services call each other by mutual TLS only. With cert-manager set internal.tls.certificate.create=true and internal.tls.certificate.issuerRef.name; else name a Secret for each in internal.tls.secrets; or, where the network itself encrypts, set internal.plaintext=true and internal.secret" (join ", " $missing)) -}}
{{- end -}}
{{- if and (not $internal.plaintext) $internal.secret -}}
{{- println (printf "internal.secret is %q, which only internal.plaintext uses: leave it empty" $internal.secret) -}}
{{- end -}}
{{- end -}}

{{/* Properties that other parts of the chart rely on, by what sets them. Written without dashes: as Spring compares. */}}
{{- define "guildcast.reserved" -}}
server.port: "the ports of pods are fixed"
server.address: "probes reach the pod by its address"
management.server: "the ports of pods are fixed"
management.endpoints.web.basepath: "probes use /actuator"
spring.grpc.server.port: "the ports of pods are fixed"
spring.grpc.server.address: "other pods reach this one by its address"
spring.lifecycle: "set drainSeconds: the grace period of pods is computed from it"
gateway.drain: "set gateway.drainSeconds: the pace and the grace period of pods are computed from it"
session.drain: "set session.drainSeconds: the grace period of pods is computed from it"
fanout.drain: "set fanout.drainSeconds: the grace period of pods is computed from it"
spring.grpc.server.ssl: "set internal.tls"
spring.ssl.bundle.pem.internal: "set internal.tls"
guildcast.internal: "set internal.*, which all services share"
ingress.sslbundle: "set internal.tls"
ingress.grpc.port: "the ports of pods are fixed"
ingress.grpc.address: "other pods reach this one by its address"
ingress.http.port: "set fanout.ingressPort"
ingress.http.address: "other pods reach this one by its address"
coordinator.topics.replication: "set kafka.replicationFactor"
guildcast.kafka: "set kafka.*, which all services share"
guildcast.topology: "set topology.*, which all services share"
guildcast.coordinator: "it is the chart's own coordinator"
guildcast.node: "it differs for each start of a process"
{{- end -}}

{{/* The keys of a map as dotted names, one a line, each with its value: `a.b=c`. */}}
{{- define "guildcast.flat" -}}
{{- $prefix := .prefix -}}
{{- range $key, $value := .map -}}
{{- $name := printf "%s%s" $prefix $key -}}
{{- if and (kindIs "map" $value) $value -}}
{{- include "guildcast.flat" (dict "prefix" (printf "%s." $name) "map" $value) -}}
{{- else -}}
{{- printf "%s=%v\n" $name $value -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "guildcast.validateOverrides" -}}
{{- $key := .key -}}
{{- $reserved := include "guildcast.reserved" . | fromYaml -}}
{{- range $line := include "guildcast.flat" (dict "prefix" "" "map" (.values.config | default dict)) | splitList "\n" -}}
{{- $given := regexReplaceAll "=.*$" $line "" -}}
{{- $name := $given | lower | replace "-" "" | replace "_" "" -}}
{{- range $property, $instead := $reserved -}}
{{- if or (eq $name $property) (hasPrefix (printf "%s." $property) $name) -}}
{{- println (printf "%s.config sets %s, which the chart does not let you change: %s" $key $given $instead) -}}
{{- end -}}
{{- end -}}
{{- if and (regexMatch "(^ingress\\.tokens\\.|(password|passphrase|secret|jaas\\.?config)$)" $name) (not (regexMatch "=(\\$\\{.*\\})?$" $line)) -}}
{{- println (printf "%s.config sets %s: it would be readable in a ConfigMap. Name a Secret in tokens.secret, ingress.publishersSecret or redis.authSecret instead" $key $given) -}}
{{- end -}}
{{- end -}}
{{- end -}}
