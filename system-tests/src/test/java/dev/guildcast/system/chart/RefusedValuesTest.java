package dev.guildcast.system.chart;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusedValuesTest {
    @Test
    void allThatIsRequiredIsNamedAtOnce() {
        assertThatThrownBy(() -> Chart.bare().call())
                .hasMessageContaining("image.repository is empty")
                .hasMessageContaining("kafka.bootstrapServers is empty: give your brokers")
                .hasMessageContaining("redis.host is empty: give your Redis")
                .hasMessageContaining("tokens.issuer is empty")
                .hasMessageContaining(
                        "internal.tls gives no certificate to coordinator, fanout, gateway, presence, session, voice");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "image.repository|guildcast|names no registry",
                "image.repository|somebody/guildcast|names no registry",
                "image.repository|registry.example.org|names no registry",
                "image.repository|https://registry.example.org/guildcast|without scheme and tag",
                "image.repository|registry.example.org/guildcast:1.0|without scheme and tag",
                "image.tag|a:b|/image/tag",
                "image.digest|md5:00|/image/digest",
                "kafka.bootstrapServers|''|kafka.bootstrapServers is empty: give your brokers",
                "redis.host|''|redis.host is empty: give your Redis",
                "tokens.issuer|''|tokens.issuer is empty",
                "kafka.bootstrapServers|kafka|kafka.bootstrapServers is \"kafka\": give host:port",
                "kafka.bootstrapServers|fd00::1:9092|an IPv6 address in brackets",
                "kafka.replicationFactor|0|/kafka/replicationFactor",
                "redis.caSecret|ca|redis.caSecret is \"ca\" but redis.tls is false",
                "redis.port|70000|/redis/port",
                "redis.tls|maybe|/redis/tls",
                "redis.authSecret|Not A Name|/redis/authSecret",
                "gateway.replicas|0|/gateway/replicas",
                "gateway.drainSeconds|4|gateway.drainSeconds is 4: give 5 to 110",
                "gateway.drainSeconds|111|gateway.drainSeconds is 111: give 5 to 110",
                "gateway.publicUrl|wss://a.example/path|nothing behind it",
                "gateway.maxUnavailable|some|gateway.maxUnavailable is \"some\": give a number",
                "gateway.maxUnavailable|-1|/gateway/maxUnavailable",
                "gateway.maxUnavailable|101%|or a share, such as 25%",
                "gateway.service.externalTrafficPolicy|Near|/gateway/service/externalTrafficPolicy",
                "gateway.resources.limits.memory|plenty|/gateway/resources/limits/memory",
                "gateway.resources.limits|null|/gateway/resources",
                "gateway.tls.certificate.create|true|gateway.tls.certificate.issuerRef.name is empty",
                "fanout.ingressPort|9090|fanout.ingressPort is 9090",
                "fanout.ingressPort|0|/fanout/ingressPort",
                "tokens.verifier|anything|/tokens/verifier",
                "tokens.verifier|jwt-secret|tokens.secret is empty",
                "tokens.verifier|introspection|tokens.introspection.uri is empty",
                "tokens.issuer|id.example.org|tokens.issuer is \"id.example.org\": give a URL",
                "topology.sessionShards|0|/topology/sessionShards",
                "topology.guildShards|4096|together exceed 4096",
                "networkPolicy.nodes[0]|10.0.0.1|/networkPolicy/nodes/0",
                "networkPolicy.dns.ports|null|ports",
                "networkPolicy.clients.from[0].pods|x|pods",
                "sesion.replicas|2|sesion",
                "gateway.tsl|2|tsl",
            })
    void refusesABadSettingByName(String key, String value, String message) {
        Object typed = value.matches("-?[0-9]+") ? (Object) Integer.valueOf(value) : value;
        var command = Chart.good().set(key, typed);
        assertThatThrownBy(command::call).hasMessageContaining(message);
    }

    @Test
    void servicesProveThemselvesInOneWay() {
        assertThatThrownBy(() -> Chart.withoutIdentities().call())
                .hasMessageContaining("internal.tls gives no certificate to coordinator")
                .hasMessageContaining("internal.plaintext=true");
        assertThatThrownBy(() -> Chart.withoutIdentities()
                        .set("internal.tls.secrets.gateway", "gateway-identity")
                        .call())
                .hasMessageContaining("internal.tls gives no certificate to coordinator, fanout, presence");
        assertThatThrownBy(() -> Chart.good()
                        .set("internal.tls.secrets.gateway", "gateway-identity")
                        .call())
                .hasMessageContaining("internal.tls.secrets.gateway is set, but");
        assertThatThrownBy(() -> Chart.good()
                        .set("internal.tls.certificate.issuerRef.name", "")
                        .call())
                .hasMessageContaining("internal.tls.certificate.issuerRef.name is empty");
        assertThatThrownBy(() -> Chart.good().set("internal.plaintext", true).call())
                .hasMessageContaining("leave one of them out");
        assertThatThrownBy(() -> Chart.withoutIdentities()
                        .set("internal.plaintext", true)
                        .call())
                .hasMessageContaining("internal.secret is empty");
        assertThatThrownBy(() -> Chart.good().set("internal.secret", "unused").call())
                .hasMessageContaining("which only internal.plaintext uses");
        assertThatThrownBy(() -> Chart.good()
                        .set("internal.identityPrefix", "guildcast/")
                        .call())
                .hasMessageContaining("/internal/identityPrefix");
    }

    @Test
    void publicUrlAndTlsAgree() {
        var command = Chart.good()
                .set("gateway.tls.secretName", "gateway-tls")
                .set("gateway.publicUrl", "ws://gateway.example.org");
        assertThatThrownBy(command::call).hasMessageContaining("Write wss://");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gateway|{server: {port: 9000}}|gateway.config sets server.port",
                "gateway|{server.port: 9000}|gateway.config sets server.port",
                "gateway|{management: {server: {port: 9000}}}|management.server.port",
                "gateway|{gateway: {drain: {window: 10m}}}|set gateway.drainSeconds",
                "gateway|{gateway.drain: {closeAfter: 10m}}|set gateway.drainSeconds",
                "session|{session: {drain: 10m}}|set session.drainSeconds",
                "session|{spring: {lifecycle: {timeoutPerShutdownPhase: 10m}}}|set drainSeconds",
                "fanout|{ingress: {http: {port: 9000}}}|set fanout.ingressPort",
                "fanout|{ingress: {grpc: {port: 9000}}}|ingress.grpc.port",
                "fanout|{ingress: {sslBundle: mine}}|set internal.tls",
                "session|{guildcast: {internal: {plaintext: true}}}|set internal",
                "session|{spring: {grpc: {server: {ssl: {client-auth: none}}}}}|set internal.tls",
                "voice|{spring.ssl.bundle.pem.internal.truststore.certificate: x}|set internal.tls",
                "presence|{spring: {grpc: {server: {port: 9000}}}}|spring.grpc.server.port",
                "voice|{guildcast: {node: {id: one}}}|differs for each start",
                "coordinator|{guildcast: {topology: {userShards: 9}}}|set topology",
                "gateway|{gateway: {token: {jwt: {secret: abc}}}}|readable in a ConfigMap",
                "gateway|{gateway: {token: {introspection: {client-secret: abc}}}}|readable in a ConfigMap",
                "presence|{spring: {data: {redis: {password: abc}}}}|readable in a ConfigMap",
                "fanout|{ingress: {tokens: {backend: abc}}}|readable in a ConfigMap",
                "session|{spring: {kafka: {properties: {sasl.jaas.config: abc}}}}|readable in a ConfigMap",
            })
    void refusesPropertiesThatTheChartReliesOn(String service, String config, String message, @TempDir Path folder)
            throws IOException {
        var values = Files.writeString(folder.resolve("values.yaml"), service + ": {config: " + config + "}");
        var command = Chart.good().withValuesFile(values);
        assertThatThrownBy(command::call).hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gateway: {config: {gateway: {socket: {outbound-limit: 64KB}, connections: {max: 1000000}}}}",
                "gateway: {config: {gateway: {proxies: {trusted: [10.0.0.0/8]}}}}",
                "presence: {config: {spring: {data: {redis: {password: \"${REDIS_PASSWORD}\"}}}}}",
                "session: {config: {session: {timeout: 5m}}}",
                "kafka: {bootstrapServers: \"[fd00::1]:9092,kafka-1:9093\"}",
                "image: {repository: localhost:5000/guildcast}",
                "image: {repository: docker.io/somebody/guildcast}",
            })
    void permitsWhatItDoesNotRelyOn(String values, @TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("values.yaml"), values);
        var command = Chart.bare().withValuesFile(goodValues(folder)).withValuesFile(file);
        assertThatCode(command::call).doesNotThrowAnyException();
    }

    private static Path goodValues(Path folder) throws IOException {
        return Files.writeString(folder.resolve("good.yaml"), """
                image: {repository: registry.example.org/guildcast}
                kafka: {bootstrapServers: "kafka-0.kafka:9092"}
                redis: {host: redis}
                tokens: {issuer: https://id.example.org}
                internal: {tls: {certificate: {create: true, issuerRef: {name: authority}}}}
                """);
    }
}
