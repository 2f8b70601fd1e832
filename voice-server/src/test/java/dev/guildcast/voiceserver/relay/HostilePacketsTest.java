package dev.guildcast.voiceserver.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.voiceserver.crypto.CountingNonces;
import dev.guildcast.voiceserver.crypto.EncryptionMode;
import dev.guildcast.voiceserver.crypto.Nonces;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostilePacketsTest {
    private static final EncryptionMode GCM = EncryptionMode.AEAD_AES256_GCM_RTPSIZE;
    private static final InetSocketAddress STRANGER = new InetSocketAddress("127.9.9.9", 9999);

    private final RelayFixture fixture = new RelayFixture();
    private final NativeClient ann = new NativeClient(1, GCM);
    private final NativeClient bob = new NativeClient(2, GCM);

    @Test
    void passesNoPacketTwice() {
        fixture.connect(ann, bob);
        var packet = ann.sound("once");
        fixture.receive(packet, ann);
        fixture.receive(packet, ann);
        fixture.receive(packet, STRANGER);
        assertThat(fixture.heard(bob)).containsExactly("once");
        assertThat(fixture.dropped(Dropped.REPLAYED)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void passesNoPacketTwiceWhenItsSequenceComesRoundAgain(boolean lowestByteFirst) {
        var eve = new NativeClient(4, GCM, new CountingNonces(0, lowestByteFirst));
        fixture.connect(eve, bob);
        var recorded = eve.sound("recorded");
        fixture.receive(recorded, eve);
        for (int i = 0; i < 65_536 - 10; i++) {
            fixture.pass(Duration.ofMillis(20));
            fixture.receive(eve.sound("on and on"), eve);
        }
        fixture.sent.clear();
        fixture.receive(recorded, eve);
        assertThat(fixture.sent).isEmpty();
        assertThat(fixture.dropped(Dropped.REPLAYED)).isEqualTo(1);
    }

    @Test
    void passesNoPacketTwiceOfASenderWhoseNoncesDoNotCount() {
        var random = new Random(5);
        var eve = new NativeClient(4, GCM, new Nonces() {
            @Override
            public boolean exhausted() {
                return false;
            }

            @Override
            public int next() {
                return random.nextInt();
            }
        });
        fixture.connect(eve, bob);
        for (int i = 0; i < 50; i++) {
            fixture.pass(Duration.ofMillis(20));
            var packet = eve.sound("n");
            fixture.receive(packet, eve);
            fixture.receive(packet, eve);
        }
        assertThat(fixture.heard(bob)).hasSize(50);
    }

    @Test
    void keepsHearingAClientThatStartsItsSequenceAnew() {
        fixture.connect(ann, bob);
        ann.setSequence(20_000);
        fixture.receive(ann.sound("before"), ann);
        ann.setSequence(0);
        fixture.receive(ann.sound("after"), ann);
        assertThat(fixture.heard(bob)).containsExactly("before", "after");
    }

    @Test
    void passesPacketsThatOvertookEachOtherOnceEach() {
        fixture.connect(ann, bob);
        var packets = new ArrayList<ByteBuffer>();
        for (int i = 0; i < 100; i++) {
            packets.add(ann.sound("p" + i));
        }
        Collections.shuffle(packets, new Random(3));
        packets.forEach(packet -> fixture.receive(packet, ann));
        packets.forEach(packet -> fixture.receive(packet, ann));
        assertThat(fixture.heard(bob)).hasSize(100).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void passesNothingThatWasCutShortOrChanged(EncryptionMode mode) {
        var eve = new NativeClient(4, mode);
        fixture.connect(eve, bob);
        var packet = eve.sound("whole");
        for (int bytes = 0; bytes < packet.limit(); bytes++) {
            fixture.pass(Duration.ofMillis(20));
            fixture.receive(packet.duplicate().limit(bytes), eve);
        }
        // A datagram of eight bytes is a ping, and comes back.
        fixture.sent.removeIf(datagram -> datagram.bytes().remaining() == 8);
        for (int bit = 0; bit < packet.limit() * 8; bit++) {
            fixture.pass(Duration.ofMillis(20));
            var changed =
                    ByteBuffer.allocate(packet.limit()).put(packet.duplicate()).flip();
            changed.put(bit / 8, (byte) (changed.get(bit / 8) ^ 1 << bit % 8));
            fixture.receive(changed, eve);
        }
        assertThat(fixture.sent).isEmpty();
        fixture.receive(packet, eve);
        assertThat(fixture.heard(bob)).containsExactly("whole");
    }

    @Test
    void letsNobodySpeakInAnothersName() {
        fixture.connect(ann, bob);
        fixture.receive(bob.rtp(ann.ssrc(), 120, "00"), bob);
        fixture.receive(bob.rtp(ann.ssrc(), 120, "00"), ann);
        assertThat(fixture.sent).isEmpty();
        assertThat(fixture.dropped(Dropped.FORGED)).isEqualTo(2);
    }

    @Test
    void sendsNothingToAnAddressThatOnlyAskedOrOnlySent() {
        fixture.connect(ann);
        fixture.join(bob);
        fixture.receive(ann.sound("1"), ann);
        fixture.receive(bob.discovery(), bob);
        fixture.sent.clear();
        fixture.receive(ann.sound("2"), ann);
        assertThat(fixture.sent).isEmpty();

        var cid = new NativeClient(3, GCM);
        fixture.join(cid);
        fixture.receive(cid.sound("never asked"), cid);
        fixture.receive(ann.sound("3"), ann);
        assertThat(fixture.sent).isEmpty();
        assertThat(fixture.dropped(Dropped.UNDISCOVERED)).isEqualTo(1);
    }

    @Test
    void followsAClientToANewAddressAndLeavesTheOldOne() {
        fixture.connect(ann, bob);
        var moved = new InetSocketAddress("127.0.0.77", 7777);
        fixture.receive(bob.sound("I moved"), moved);
        fixture.sent.clear();
        fixture.receive(ann.sound("hello"), ann);
        assertThat(fixture.sent).extracting(RelayFixture.Datagram::target).containsExactly(moved);
        assertThat(fixture.relay.counts().rebound()).isEqualTo(1);
    }

    @Test
    void movesNobodyForAPacketThatIsNotTheLatest() {
        fixture.connect(ann, bob);
        var heldBack = bob.sound("held back");
        fixture.receive(bob.sound("later"), bob);
        fixture.receive(heldBack, STRANGER);
        fixture.sent.clear();
        fixture.receive(ann.sound("hello"), ann);
        assertThat(fixture.sent).extracting(RelayFixture.Datagram::target).containsExactly(RelayFixture.address(bob));
    }

    @Test
    void movesNobodyForADiscovery() {
        fixture.connect(ann, bob);
        fixture.receive(bob.discovery(), STRANGER);
        assertThat(fixture.sent).hasSize(1);
        fixture.sent.clear();
        fixture.receive(ann.sound("hello"), ann);
        assertThat(fixture.sent).extracting(RelayFixture.Datagram::target).containsExactly(RelayFixture.address(bob));
    }

    @Test
    void givesAStrangerNoMoreBytesThanItSentWhateverItSends() {
        fixture.connect(ann, bob);
        long seed = System.nanoTime();
        var random = new Random(seed);
        var templates = new ByteBuffer[] {
            ann.discovery(),
            ann.sound("x"),
            ann.rtcp("80c80001" + "00000064"),
            ByteBuffer.allocate(8),
            ByteBuffer.allocate(300)
        };
        long in = 0;
        long back = 0;
        for (int i = 0; i < 20_000; i++) {
            var packet = templates[random.nextInt(templates.length)];
            byte[] bytes = new byte[packet.remaining()];
            packet.duplicate().get(bytes);
            byte tag = bytes[bytes.length - 5];
            if (random.nextBoolean() && bytes.length > 74) {
                random.nextBytes(bytes);
            } else if (random.nextInt(4) == 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            if (packet == templates[1] || packet == templates[2]) {
                // A genuine one would prove the address, so its tag is broken.
                bytes[bytes.length - 5] = (byte) ~tag;
            }
            fixture.pass(Duration.ofMillis(random.nextInt(30)));
            fixture.receive(ByteBuffer.wrap(bytes), STRANGER);
            assertThat(fixture.sent)
                    .as("seed " + seed)
                    .allMatch(datagram -> datagram.target().equals(STRANGER)
                            && datagram.bytes().remaining() <= bytes.length)
                    .hasSizeLessThan(2);
            in += bytes.length;
            back += fixture.sent.stream()
                    .mapToLong(datagram -> datagram.bytes().remaining())
                    .sum();
            fixture.sent.clear();
        }
        assertThat(back).as("seed " + seed).isBetween(1L, in);
    }

    @Test
    void answersAFloodOfDiscoveriesNoFasterThanItsRate() {
        fixture.connect(ann, bob);
        fixture.pass(Duration.ofSeconds(5));
        for (int i = 0; i < 5000; i++) {
            fixture.pass(Duration.ofNanos(200_000));
            // From one address, by many ports.
            fixture.receive(ann.discovery(), new InetSocketAddress("127.9.9.9", 1000 + i));
        }
        // One second at a hundred a second, and a burst of a hundred.
        assertThat(fixture.sent).hasSizeBetween(190, 2 * RelayFixture.UNPROVEN_PER_SOURCE + 10);
        assertThat(fixture.dropped(Dropped.UNPROVEN_RATE)).isGreaterThan(4700);
        // Others are not held up by it.
        fixture.sent.clear();
        fixture.receive(ann.discovery(), new InetSocketAddress("127.8.8.8", 1));
        assertThat(fixture.sent).hasSize(1);
    }

    @Test
    void silencesNobodyWhoseAddressIsForgedByAFlood() {
        fixture.connect(ann, bob);
        var forged = ByteBuffer.allocate(60).put(ann.sound("x")).rewind();
        int heard = 0;
        for (int i = 0; i < 500; i++) {
            for (int flood = 0; flood < 20; flood++) {
                // Each with a nonce of its own, so that the cipher has to find it out.
                fixture.receive(forged.duplicate().putInt(56, i * 20 + flood + 1000), ann);
            }
            fixture.pass(Duration.ofMillis(20));
            fixture.sent.clear();
            fixture.receive(ann.sound("still here"), ann);
            heard += fixture.heard(bob).size();
        }
        assertThat(heard).isEqualTo(500);
    }

    @Test
    void triesNoMoreForgedPacketsOfAParticipantThanItsBound() {
        fixture.connect(ann, bob);
        var forged = ann.sound("x");
        for (int i = 0; i < 12_000; i++) {
            fixture.receive(forged.putInt(forged.limit() - 4, i + 1000), ann);
        }
        // Four times 200 of sound, 2000 of video and 100 of RTCP; two have come before.
        assertThat(fixture.dropped(Dropped.FORGED)).isBetween(9000L, 9200L);
        assertThat(fixture.dropped(Dropped.STREAM_RATE)).isBetween(2800L, 3000L);
    }

    @Test
    void passesOnNoMoreThanAStreamMaySend() {
        fixture.connect(ann, bob);
        fixture.pass(Duration.ofSeconds(5));
        for (int i = 0; i < 2000; i++) {
            fixture.pass(Duration.ofMillis(1));
            fixture.receive(ann.sound("s"), ann);
        }
        // Two seconds at 200 a second, and a burst of 200.
        assertThat(fixture.sent).hasSizeBetween(590, 610);
    }

    @Test
    void forgetsAnAddressThatIsSilentUntilAPacketOpensAgain() {
        fixture.connect(ann, bob);
        for (int second = 0; second < 50; second += 5) {
            fixture.pass(Duration.ofSeconds(5));
            fixture.receive(ann.sound("s"), ann);
        }
        // A ping keeps an address, a stranger's does not.
        fixture.receive(ByteBuffer.allocate(8), bob);
        fixture.pass(Duration.ofSeconds(59));
        fixture.rooms.dropIdle(fixture.nowNanos);
        fixture.sent.clear();
        fixture.receive(ann.sound("there?"), ann);
        assertThat(fixture.heard(bob)).containsExactly("there?");

        fixture.receive(bob.discovery(), STRANGER);
        fixture.receive(ByteBuffer.allocate(8), STRANGER);
        fixture.pass(Duration.ofSeconds(1));
        fixture.rooms.dropIdle(fixture.nowNanos);
        fixture.sent.clear();
        fixture.receive(ann.sound("gone"), ann);
        assertThat(fixture.sent).isEmpty();

        fixture.receive(bob.sound("back"), bob);
        fixture.sent.clear();
        fixture.receive(ann.sound("welcome"), ann);
        assertThat(fixture.heard(bob)).containsExactly("welcome");
    }

    @Test
    void countsWhatBrowsersSendAndAnswersNothing() {
        fixture.connect(ann, bob);
        fixture.receive(
                ByteBuffer.allocate(20).putInt(0x00010000).putInt(0x2112a442).rewind(), STRANGER);
        fixture.receive(ByteBuffer.allocate(50).put((byte) 22).rewind(), STRANGER);
        assertThat(fixture.browserPackets).containsExactly("STUN 20", "DTLS 50");
        assertThat(fixture.sent).isEmpty();
    }

    @Test
    void dropsWhatIsLongerThanAnyPacket() {
        fixture.connect(ann, bob);
        fixture.receive(ann.rtp(ann.ssrc(), 120, "00".repeat(2100)), ann);
        assertThat(fixture.dropped(Dropped.MALFORMED)).isEqualTo(1);
        fixture.receive(ann.rtp(ann.ssrc(), 120, "00".repeat(2048 - 12 - 20)), ann);
        assertThat(fixture.sent).hasSize(1);
    }
}
