package dev.guildcast.shard.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.contract.Topology;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ClassPathResource;

class InstallationPropertiesTest {
    private static InstallationProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("guildcast", InstallationProperties.class);
    }

    @Test
    void nothingNeedsToBeSetForOneMachine() {
        var installation = bind(Map.of());
        assertThat(installation.toTopology()).isEqualTo(Topology.SMALLEST);
        assertThat(installation.kafka().requiredBootstrapServers()).isEqualTo("127.0.0.1:9092");
        assertThat(installation.topics().guildEvents()).isEqualTo("guildcast.guild.events");
    }

    @Test
    void theFileThatServicesImportHasTheSameDefaults() throws IOException {
        var file = new YamlPropertySourceLoader()
                .load("installation", new ClassPathResource("installation.yml"))
                .getFirst();
        var kafka = bind(Map.of()).kafka();
        assertThat(file.getProperty("guildcast.kafka.bootstrap-servers")).isEqualTo(kafka.requiredBootstrapServers());
        assertThat(file.getProperty("guildcast.kafka.prefix")).isEqualTo(kafka.prefix());
    }

    @Test
    void readsWhatIsSet() {
        var installation = bind(Map.of(
                "guildcast.kafka.bootstrap-servers", "kafka-0:9092,kafka-1:9092",
                "guildcast.kafka.prefix", "blue.",
                "guildcast.topology.guild-shards", "16",
                "guildcast.topology.dedicated-shards", "2",
                "guildcast.topology.user-shards", "3",
                "guildcast.topology.session-shards", "8",
                "guildcast.coordinator.target", "c-0:9190, c-1:9190"));
        assertThat(installation.toTopology()).isEqualTo(new Topology(16, 2, 3, 8));
        assertThat(installation.kafka().requiredBootstrapServers()).isEqualTo("kafka-0:9092,kafka-1:9092");
        assertThat(installation.topics().guildEvents()).isEqualTo("blue.guild.events");
        assertThat(installation.coordinator().targets().addresses()).containsExactly("c-0:9190", "c-1:9190");
    }

    @Test
    void aServiceThatNeedsNoKafkaMayHaveNone() {
        var installation = bind(Map.of("guildcast.kafka.bootstrap-servers", ""));
        assertThatThrownBy(() -> installation.kafka().requiredBootstrapServers())
                .hasMessage("guildcast.kafka.bootstrap-servers is blank (expected: host:port[,host:port])");
    }

    @Test
    void onlyAServiceThatAsksTheCoordinatorNeedsItsAddress() {
        var installation = bind(Map.of());
        assertThatThrownBy(() -> installation.coordinator().targets())
                .hasMessage("guildcast.coordinator.target is not set (expected: host:port[,host:port])");
    }

    @Test
    void impossibleNumbersOfShardsAreNamed() {
        assertThatThrownBy(() -> bind(Map.of("guildcast.topology.session-shards", "0")))
                .rootCause()
                .hasMessage("sessionShards 0 (expected: at least 1)");
        assertThatThrownBy(() -> new InstallationProperties.Shards(4, 1, 1, 0))
                .hasMessage("guildcast.topology is invalid: sessionShards 0 (expected: at least 1)");
    }

    @Test
    void aConfiguredIdentityIsKept() {
        var installation = bind(Map.of("guildcast.node.id", "s1", "guildcast.node.address", "10.0.0.7:9082"));
        var identity = NodeIdentity.of(installation, "session-");
        assertThat(identity.id()).isEqualTo("s1");
        assertThat(identity.address(1234)).isEqualTo("10.0.0.7:9082");
    }

    @Test
    void anIdIsGeneratedForEachProcessThatHasNone() {
        var installation = bind(Map.of("guildcast.node.id", " "));
        var first = NodeIdentity.of(installation, "session-");
        assertThat(first.id()).matches("session-[0-9a-f-]{36}");
        assertThat(NodeIdentity.of(installation, "session-").id()).isNotEqualTo(first.id());
        assertThat(first.address(1234)).isEqualTo("127.0.0.1:1234");
    }
}
