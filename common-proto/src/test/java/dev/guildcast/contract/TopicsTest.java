package dev.guildcast.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TopicsTest {
    @Test
    void everyNameCarriesThePrefixOfItsInstallation() {
        var topics = new Topics("blue.");
        assertThat(topics.guildEvents()).isEqualTo("blue.guild.events");
        assertThat(topics.log(ShardId.Kind.SESSION)).isEqualTo("blue.session.log");
        assertThat(topics.state(ShardId.Kind.GUILD)).isEqualTo("blue.guild.state");
        assertThat(topics.checkpointTransactionalId(ShardId.session(3))).isEqualTo("blue.ckpt-session-3");
    }
}
