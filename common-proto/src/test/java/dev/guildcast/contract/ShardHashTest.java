package dev.guildcast.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardHashTest {
    /// Computed by another implementation, in another language; that of 0 is the first value of the published
    /// generator from seed 0.
    @ParameterizedTest
    @CsvSource({
        "0, e220a8397b1dcdaf",
        "1, 910a2dec89025cc1",
        "2, 975835de1c9756ce",
        "100000000000000001, 81cd39a01fd862bc",
        "100000000000000002, 36f7894a1e70b261",
        "200000000000000001, 905735752c34a148",
        "200000000000000002, 8dd59b06e1daf308",
        "9223372036854775808, 481ec0a212a9f3db",
        "18446744073709551615, e4d971771b652c20"
    })
    void neverChanges(String value, String mixed) {
        assertThat(ShardHash.mix64(Long.parseUnsignedLong(value))).isEqualTo(Long.parseUnsignedLong(mixed, 16));
    }

    @Test
    void spreadsIdsThatWereMadeInSequence() {
        var topology = new Topology(4, 0, 1, 16);
        var perShard = new int[16];
        LongStream.range(0, 16_000)
                .map(n -> 100_000_000_000_000_000L + n * 4_194_304L)
                .forEach(user -> perShard[topology.sessionShard(user).index()]++);
        assertThat(IntStream.of(perShard)).allSatisfy(users -> assertThat(users).isBetween(800, 1200));
    }
}
