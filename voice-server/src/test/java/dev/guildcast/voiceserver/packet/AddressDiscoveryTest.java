package dev.guildcast.voiceserver.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressDiscoveryTest {
    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, 203.0.113.7",
        "255.255.255.255, 255.255.255.255",
        "2001:db8::1, 2001:db8:0:0:0:0:0:1",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        // A client has no use for the name of the server's interface.
        "fe80::1%1, fe80:0:0:0:0:0:0:1",
        "::ffff:203.0.113.7, 203.0.113.7"
    })
    void answersWithAddressAndPortInSeventyFourBytes(String source, String text) throws UnknownHostException {
        var out = ByteBuffer.allocate(AddressDiscovery.BYTES);
        // What was there before must not show.
        Arrays.fill(out.array(), (byte) 'x');
        AddressDiscovery.writeResponse(0xfedcba98, new InetSocketAddress(InetAddress.getByName(source), 50_007), out);
        assertThat(out.remaining()).isZero();
        assertThat(out.getShort(0)).isEqualTo((short) 2);
        assertThat(out.getShort(2)).isEqualTo((short) 70);
        assertThat(out.getInt(4)).isEqualTo(0xfedcba98);
        assertThat(new String(out.array(), 8, 64, StandardCharsets.US_ASCII))
                .isEqualTo(text + "\0".repeat(64 - text.length()));
        assertThat(Short.toUnsignedInt(out.getShort(72))).isEqualTo(50_007);
    }
}
