package dev.guildcast.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopologyTest {
    @ParameterizedTest
    @CsvSource({
        "197038439483310086, 2, 2",
        "41771983423143937, 2, 6",
        "613425648685547541, 0, 8",
        "81384788765712384, 2, 2"
    })
    void findsTheHomeShardOfAGuild(long guild, int ofFour, int ofSixteen) {
        assertThat(new Topology(4, 1, 1, 4).guildShard(guild)).isEqualTo(ShardId.guild(ofFour));
        assertThat(new Topology(16, 2, 4, 16).guildShard(guild)).isEqualTo(ShardId.guild(ofSixteen));
    }

    @ParameterizedTest
    @CsvSource({
        "100000000000000001, 0, 12, 60",
        "100000000000000002, 1, 1, 97",
        "200000000000000001, 0, 8, 72",
        "18446744073709551615, 0, 0, 32"
    })
    void findsTheShardOfAUsersSessions(String user, int ofFour, int ofSixteen, int of128) {
        long id = Long.parseUnsignedLong(user);
        assertThat(new Topology(4, 1, 1, 4).sessionShard(id)).isEqualTo(ShardId.session(ofFour));
        assertThat(new Topology(4, 1, 1, 16).sessionShard(id)).isEqualTo(ShardId.session(ofSixteen));
        assertThat(new Topology(4, 1, 128, 128).sessionShard(id)).isEqualTo(ShardId.session(of128));
        assertThat(new Topology(4, 1, 128, 128).userShard(id)).isEqualTo(ShardId.user(of128));
    }

    @Test
    void neverSendsAGuildToADedicatedShardByItself() {
        var topology = new Topology(2, 3, 1, 1);
        assertThat(topology.guildPartitions()).isEqualTo(5);
        for (long guild = 0; guild < 64; guild++) {
            assertThat(topology.guildShard(guild << 22).index()).isLessThan(2);
        }
    }

    @Test
    void listsEveryShardInOrder() {
        assertThat(new Topology(2, 1, 1, 2).shards())
                .containsExactly(
                        ShardId.guild(0),
                        ShardId.guild(1),
                        ShardId.guild(2),
                        ShardId.user(0),
                        ShardId.session(0),
                        ShardId.session(1));
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Topology(0, 1, 1, 1))
                .withMessageContaining("guild");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Topology(1, -1, 1, 1))
                .withMessageContaining("dedicated");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Topology(1, 0, 0, 1))
                .withMessageContaining("user");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Topology(1, 0, 1, 0))
                .withMessageContaining("session");
        assertThatIllegalArgumentException().isThrownBy(() -> new Topology(65_535, 1, 1, 1));
    }
}
