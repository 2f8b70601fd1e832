package dev.guildcast.voiceserver.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.guildcast.voiceserver.crypto.EncryptionMode;
import dev.guildcast.voiceserver.relay.NativeClient;
import dev.guildcast.voiceserver.room.RoomOutcome;
import dev.guildcast.voiceserver.room.VoiceFlags;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Through a real socket: clients of both modes, both families of addresses.
class UdpRelayTest {
    private static final EncryptionMode GCM = EncryptionMode.AEAD_AES256_GCM_RTPSIZE;
    private static final EncryptionMode XCHACHA = EncryptionMode.AEAD_XCHACHA20_POLY1305_RTPSIZE;
    private static final long ROOM = 4;
    private static final long EPOCH = 1;
    private static final Duration LONG = Duration.ofSeconds(5);
    private static final Duration CUT_WITHIN = Duration.ofMillis(200);
    private static final Duration FRAME = Duration.ofMillis(20);

    private final MediaServer server = new MediaServer("").start();
    private final InetAddress loopback = InetAddress.getByName("127.0.0.1");

    UdpRelayTest() throws IOException {
        assertThat(server.control.open(ROOM, EPOCH).join()).isEqualTo(RoomOutcome.DONE);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        assertThat(server.loop.failures()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "AEAD_AES256_GCM_RTPSIZE, AEAD_AES256_GCM_RTPSIZE",
        "AEAD_XCHACHA20_POLY1305_RTPSIZE, AEAD_XCHACHA20_POLY1305_RTPSIZE",
        "AEAD_XCHACHA20_POLY1305_RTPSIZE, AEAD_AES256_GCM_RTPSIZE"
    })
    void carriesSoundBothWays(EncryptionMode one, EncryptionMode other) throws IOException {
        try (var ann = join(new NativeClient(1, one), loopback);
                var bob = join(new NativeClient(2, other), loopback)) {
            assertThat(seenAs(ann.connect())).isEqualTo("127.0.0.1 " + ann.localPort());
            bob.connect();
            assertThat(ann.sound(LONG)).contains("here");
            for (int i = 0; i < 100; i++) {
                ann.send(ann.client().sound("from ann " + i));
                assertThat(bob.sound(LONG)).contains("from ann " + i);
                bob.send(bob.client().sound("from bob " + i));
                assertThat(ann.sound(LONG)).contains("from bob " + i);
            }
        }
    }

    @Test
    void carriesSoundBetweenIpv4AndIpv6() throws IOException {
        assumeTrue(hasIpv6Loopback(), "skipped: this machine has no ::1");
        try (var ann = join(new NativeClient(1, GCM), loopback);
                var bob = join(new NativeClient(2, XCHACHA), InetAddress.getByName("::1"))) {
            ann.connect();
            assertThat(seenAs(bob.connect())).isEqualTo("0:0:0:0:0:0:0:1 " + bob.localPort());
            assertThat(ann.sound(LONG)).contains("here");
            ann.send(ann.client().sound("over six"));
            assertThat(bob.sound(LONG)).contains("over six");
            bob.send(bob.client().sound("over four"));
            assertThat(ann.sound(LONG)).contains("over four");
        }
    }

    @Test
    void cutsOffWhoIsMutedWithinAFifthOfASecond() throws IOException {
        try (var ann = join(new NativeClient(1, GCM), loopback);
                var bob = join(new NativeClient(2, XCHACHA), loopback)) {
            ann.connect();
            bob.connect();
            var shortest = LONG;
            // The best of three: a machine that is busy with something else may hold up either side.
            for (int attempt = 0; attempt < 3; attempt++) {
                talkUntilHeard(ann, bob);
                var cut = muteWhileTalking(ann, bob);
                shortest = cut.compareTo(shortest) < 0 ? cut : shortest;
                server.control.update(ROOM, EPOCH, 1, VoiceFlags.NONE).join();
            }
            assertThat(shortest).isLessThan(CUT_WITHIN);
            talkUntilHeard(ann, bob);
        }
    }

    /// Mutes the speaker, who goes on for half a second.
    ///
    /// @return how long the listener still heard it
    private Duration muteWhileTalking(UdpClient speaker, UdpClient listener) throws IOException {
        long mutedNanos = System.nanoTime();
        var done = server.control.update(ROOM, EPOCH, speaker.client().user(), new VoiceFlags(true, false, false));
        long lastHeardNanos = mutedNanos;
        for (int i = 0; i < 25; i++) {
            String text = done.isDone() ? "after" : "before";
            speaker.send(speaker.client().sound(text));
            var heard = listener.sound(FRAME);
            assertThat(heard).isNotEqualTo(Optional.of("after"));
            lastHeardNanos = heard.isPresent() ? System.nanoTime() : lastHeardNanos;
        }
        assertThat(done.join()).isEqualTo(RoomOutcome.DONE);
        return Duration.ofNanos(lastHeardNanos - mutedNanos);
    }

    @Test
    void servesNobodyAnyMoreWhenTheRoomHasMovedOn() throws IOException {
        try (var ann = join(new NativeClient(1, GCM), loopback);
                var bob = join(new NativeClient(2, GCM), loopback)) {
            ann.connect();
            bob.connect();
            talkUntilHeard(ann, bob);
            assertThat(server.control.open(ROOM, EPOCH + 1).join()).isEqualTo(RoomOutcome.DONE);
            assertThat(server.control.join(ROOM, EPOCH, ann.client().joining()).join())
                    .isEqualTo(RoomOutcome.FENCED);
            drain(bob);
            ann.send(ann.client().sound("into the void"));
            assertThat(bob.receive(CUT_WITHIN)).isEmpty();
        }
    }

    @Test
    void goesOnAfterDatagramsOfEveryLength() throws IOException {
        try (var ann = join(new NativeClient(1, GCM), loopback);
                var bob = join(new NativeClient(2, GCM), loopback)) {
            ann.connect();
            bob.connect();
            for (int bytes = 0; bytes < 3000; bytes += 7) {
                ann.send(ByteBuffer.allocate(bytes));
            }
            talkUntilHeard(ann, bob);
        }
    }

    private UdpClient join(NativeClient client, InetAddress address) throws IOException {
        assertThat(server.control.join(ROOM, EPOCH, client.joining()).join()).isEqualTo(RoomOutcome.DONE);
        return new UdpClient(client, address, server.port.localPort());
    }

    private static void talkUntilHeard(UdpClient speaker, UdpClient listener) throws IOException {
        long deadline = System.nanoTime() + LONG.toNanos();
        Optional<String> heard = Optional.empty();
        while (heard.isEmpty() && System.nanoTime() < deadline) {
            speaker.send(speaker.client().sound("hello"));
            heard = listener.sound(FRAME);
        }
        assertThat(heard).isPresent();
        drain(listener);
    }

    private static void drain(UdpClient client) throws IOException {
        while (client.receive(Duration.ofMillis(50)).isPresent()) {
            // What was on its way.
        }
    }

    private static String seenAs(byte[] response) {
        return new String(response, 8, 64, StandardCharsets.US_ASCII).replace("\0", "")
                + " "
                + Short.toUnsignedInt(ByteBuffer.wrap(response).getShort(72));
    }

    private static boolean hasIpv6Loopback() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .anyMatch(address -> address instanceof Inet6Address && address.isLoopbackAddress());
    }
}
