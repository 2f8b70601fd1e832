package dev.guildcast.voiceserver.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.voiceserver.crypto.EncryptionMode;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DiscoveryTest {
    private final RelayFixture fixture = new RelayFixture();
    private final NativeClient ann = new NativeClient(1, EncryptionMode.AEAD_AES256_GCM_RTPSIZE);
    private final NativeClient bob = new NativeClient(2, EncryptionMode.AEAD_AES256_GCM_RTPSIZE);

    @Test
    void answersWithTheAddressThatTheClientIsSeenAt() {
        fixture.join(ann);
        fixture.receive(ann.discovery(), ann);
        assertThat(fixture.sent).hasSize(1);
        var response = fixture.sent.getFirst();
        assertThat(response.target()).isEqualTo(RelayFixture.address(ann));
        assertThat(response.bytes().remaining()).isEqualTo(74);
        assertThat(response.bytes().getInt(4)).isEqualTo(ann.ssrc());
        assertThat(new String(response.bytes().array(), 8, 64, StandardCharsets.US_ASCII).trim())
                .isEqualTo("127.0.0.1");
        assertThat(response.bytes().getShort(72)).isEqualTo((short) 4001);
    }

    @Test
    void answersNobodyWithoutAStreamHere() {
        fixture.join(ann);
        fixture.receive(bob.discovery(), bob);
        assertThat(fixture.sent).isEmpty();
        assertThat(fixture.dropped(Dropped.UNKNOWN)).isEqualTo(1);
    }

    @Test
    void answersPingsOfWhoeverHasAskedForItsAddressAndOfNobodyElse() {
        fixture.join(ann, bob);
        fixture.receive(ann.discovery(), ann);
        fixture.sent.clear();
        fixture.receive(ByteBuffer.allocate(8).putLong(0, 77), ann);
        fixture.receive(ByteBuffer.allocate(8).putLong(0, 78), bob);
        assertThat(fixture.sent).hasSize(1);
        assertThat(fixture.sent.getFirst().bytes().getLong(0)).isEqualTo(77);
        assertThat(fixture.sent.getFirst().target()).isEqualTo(RelayFixture.address(ann));
    }

    @Test
    void answersAParticipantWhateverStrangersBehindItsAddressSend() {
        fixture.connect(ann, bob);
        for (int port = 5000; port < 5500; port++) {
            fixture.receive(
                    ann.discovery(),
                    new InetSocketAddress(RelayFixture.address(bob).getAddress(), port));
        }
        assertThat(fixture.dropped(Dropped.UNPROVEN_RATE)).isPositive();
        fixture.sent.clear();
        fixture.receive(ByteBuffer.allocate(8), bob);
        fixture.receive(ann.sound("hello"), ann);
        assertThat(fixture.sent).hasSize(2);
    }

    @Test
    void answersNoKeepAlive() {
        fixture.connect(ann);
        fixture.receive(ByteBuffer.allocate(9).put(0, (byte) 0xc9), ann);
        assertThat(fixture.sent).isEmpty();
    }
}
