package dev.guildcast.voiceserver.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PingTest {
    @ParameterizedTest
    @CsvSource({
        "0700000000000000, 0700000000000000",
        "ffffffffffffffff, ffffffffffffffff",
        "1337cafe00000009, 1337f00d00000009"
    })
    void comesBackAsEachLibraryExpects(String ping, String response) {
        var out = ByteBuffer.allocate(8);
        Ping.writeResponse(ByteBuffer.wrap(HexFormat.of().parseHex(ping)), out);
        assertThat(HexFormat.of().formatHex(out.array())).isEqualTo(response);
    }
}
