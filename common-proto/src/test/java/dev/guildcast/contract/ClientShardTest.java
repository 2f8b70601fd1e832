package dev.guildcast.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientShardTest {
    @ParameterizedTest
    @CsvSource({
        "197038439483310086, 0, 0, 2, 2",
        "41771983423143937, 0, 0, 2, 6",
        "613425648685547541, 0, 0, 0, 8",
        "81384788765712384, 0, 0, 2, 2"
    })
    void holdsAGuildInOneShardOfEachCount(long guild, int ofOne, int ofTwo, int ofFour, int ofSixteen) {
        assertHolds(guild, 1, ofOne);
        assertHolds(guild, 2, ofTwo);
        assertHolds(guild, 4, ofFour);
        assertHolds(guild, 16, ofSixteen);
    }

    private static void assertHolds(long guild, int count, int expected) {
        for (int id = 0; id < count; id++) {
            assertThat(new ClientShard(id, count).includes(guild)).isEqualTo(id == expected);
        }
    }

    @Test
    void holdsGuildsWithTheHighestBitSet() {
        long guild = Long.parseUnsignedLong("18446744073709551615");
        assertThat(ClientShard.UNSHARDED.includes(guild)).isTrue();
        // 2^42 - 1, modulo 10
        assertThat(new ClientShard(3, 10).includes(guild)).isTrue();
    }

    @Test
    void refusesAnIdOutsideItsCount() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ClientShard(4, 4));
        assertThatIllegalArgumentException().isThrownBy(() -> new ClientShard(-1, 4));
        assertThatIllegalArgumentException().isThrownBy(() -> new ClientShard(0, 0));
    }
}
