package dev.guildcast.voiceserver.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.guildcast.voiceserver.crypto.EncryptionMode;
import dev.guildcast.voiceserver.crypto.ServerNonces;
import dev.guildcast.voiceserver.crypto.TransportKey;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoomsTest {
    private static final int ROOMS_MAX = 3;
    private static final int USERS_MAX = 2;
    private static final int PARTICIPANTS_MAX = 4;
    private static final int STREAMS_MAX = 2;
    private static final int FENCES_MAX = 2;
    private static final byte[] KEY =
            "a key of thirty-two bytes, hushed".substring(0, 32).getBytes(StandardCharsets.US_ASCII);
    private static final VoiceFlags MUTED = new VoiceFlags(true, false, false);

    private final Rooms rooms = new Rooms(
            new RoomProperties(
                    ROOMS_MAX,
                    USERS_MAX,
                    PARTICIPANTS_MAX,
                    STREAMS_MAX,
                    FENCES_MAX,
                    Duration.ofSeconds(60),
                    200,
                    2000,
                    100),
            () -> 1);
    private final List<TransportKey> keys = new ArrayList<>();

    @Test
    void changesNothingForAnOrderOfASupersededOwner() {
        rooms.open(1, 5);
        rooms.join(1, 5, user(1));
        assertThat(rooms.open(1, 4)).isEqualTo(RoomOutcome.FENCED);
        assertThat(rooms.join(1, 4, user(2))).isEqualTo(RoomOutcome.FENCED);
        assertThat(rooms.update(1, 4, 1, MUTED)).isEqualTo(RoomOutcome.FENCED);
        assertThat(rooms.leave(1, 4, 1)).isEqualTo(RoomOutcome.FENCED);
        assertThat(rooms.close(1, 4)).isEqualTo(RoomOutcome.FENCED);
        assertThat(rooms.participantCount()).isEqualTo(1);
        assertThat(participant(1).flags()).isEqualTo(VoiceFlags.NONE);
    }

    @Test
    void startsEmptyUnderAHigherEpochAndGoesOnUnderTheSame() {
        rooms.open(1, 5);
        rooms.join(1, 5, user(1));
        assertThat(rooms.open(1, 5)).isEqualTo(RoomOutcome.DONE);
        assertThat(rooms.participantCount()).isEqualTo(1);
        assertThat(rooms.open(1, 6)).isEqualTo(RoomOutcome.DONE);
        assertThat(rooms.participantCount()).isZero();
        assertThat(rooms.stream(100)).isNull();
        assertThat(rooms.join(1, 5, user(1))).isEqualTo(RoomOutcome.FENCED);
        assertThat(rooms.join(1, 7, user(1))).isEqualTo(RoomOutcome.NOT_OPEN);
        assertThat(rooms.join(1, 6, user(1))).isEqualTo(RoomOutcome.DONE);
    }

    @Test
    void isNotOpenedAgainByALateOrderAfterItWasClosed() {
        rooms.open(1, 5);
        assertThat(rooms.close(1, 6)).isEqualTo(RoomOutcome.DONE);
        assertThat(rooms.open(1, 5)).isEqualTo(RoomOutcome.FENCED);
        assertThat(rooms.join(1, 5, user(1))).isEqualTo(RoomOutcome.FENCED);
        assertThat(rooms.open(1, 6)).isEqualTo(RoomOutcome.DONE);
        // Also one that was never here.
        assertThat(rooms.close(2, 9)).isEqualTo(RoomOutcome.NOT_OPEN);
        assertThat(rooms.open(2, 8)).isEqualTo(RoomOutcome.FENCED);
    }

    @Test
    void forgetsTheOldestClosedRoomsBeyondItsBound() {
        IntStream.rangeClosed(1, FENCES_MAX + 1).forEach(room -> rooms.close(room, 5));
        assertThat(rooms.open(1, 1)).isEqualTo(RoomOutcome.DONE);
        assertThat(rooms.open(2, 1)).isEqualTo(RoomOutcome.FENCED);
    }

    @Test
    void takesInNoMoreThanItMay() {
        for (int room = 1; room <= ROOMS_MAX; room++) {
            assertThat(rooms.open(room, 1)).isEqualTo(RoomOutcome.DONE);
        }
        assertThat(rooms.open(9, 1)).isEqualTo(RoomOutcome.ROOMS_FULL);
        assertThat(rooms.join(1, 1, user(1))).isEqualTo(RoomOutcome.DONE);
        assertThat(rooms.join(1, 1, user(2))).isEqualTo(RoomOutcome.DONE);
        assertThat(rooms.join(1, 1, user(3))).isEqualTo(RoomOutcome.ROOM_FULL);
        assertThat(rooms.join(2, 1, user(3))).isEqualTo(RoomOutcome.DONE);
        assertThat(rooms.join(2, 1, user(4))).isEqualTo(RoomOutcome.DONE);
        assertThat(rooms.join(3, 1, user(5))).isEqualTo(RoomOutcome.SERVER_FULL);
        // One who is there already takes no further place.
        assertThat(rooms.join(2, 1, user(4))).isEqualTo(RoomOutcome.DONE);
        rooms.leave(1, 1, 1);
        assertThat(rooms.join(3, 1, user(5))).isEqualTo(RoomOutcome.DONE);
        assertThat(rooms.participantCount()).isEqualTo(PARTICIPANTS_MAX);
    }

    @Test
    void givesAnSsrcToOneStreamOnly() {
        rooms.open(1, 1);
        rooms.open(2, 1);
        rooms.join(1, 1, user(1));
        assertThat(rooms.join(2, 1, user(2, 200, 100))).isEqualTo(RoomOutcome.SSRC_TAKEN);
        assertThat(rooms.stream(200)).isNull();
        assertThat(rooms.join(1, 1, user(1, 101, 100))).as("its own").isEqualTo(RoomOutcome.DONE);
        rooms.leave(1, 1, 1);
        assertThat(rooms.join(2, 1, user(2, 200, 100))).isEqualTo(RoomOutcome.DONE);
    }

    @Test
    void refusesMoreStreamsThanAParticipantMayHave() {
        rooms.open(1, 1);
        assertThat(rooms.join(1, 1, user(1, 1, 2, 3))).isEqualTo(RoomOutcome.STREAMS_FULL);
    }

    @Test
    void replacesAUserWhoJoinsAgainWithItsAddress() {
        rooms.open(1, 1);
        rooms.join(1, 1, user(1));
        var first = participant(1);
        var address = new InetSocketAddress("127.0.0.1", 5);
        rooms.onDiscovered(first, address);
        rooms.onProven(first, address);
        assertThat(rooms.at(address)).isSameAs(first);
        rooms.join(1, 1, user(1));
        assertThat(participant(1)).isNotSameAs(first);
        assertThat(participant(1).address()).isNull();
        assertThat(first.address()).isNull();
        assertThat(rooms.at(address)).isNull();
        assertThat(rooms.participantCount()).isEqualTo(1);
    }

    @Test
    void refusesCommandsAboutRoomsAndUsersThatAreNotThere() {
        assertThat(rooms.join(1, 1, user(1))).isEqualTo(RoomOutcome.NOT_OPEN);
        assertThat(rooms.leave(1, 1, 1)).isEqualTo(RoomOutcome.NOT_OPEN);
        rooms.open(1, 1);
        assertThat(rooms.leave(1, 1, 1)).isEqualTo(RoomOutcome.NOT_JOINED);
        assertThat(rooms.update(1, 1, 1, MUTED)).isEqualTo(RoomOutcome.NOT_JOINED);
    }

    @Test
    void destroysEveryKeyThatItIsGiven() {
        rooms.open(1, 5);
        rooms.join(1, 5, user(1));
        rooms.join(1, 4, user(2));
        rooms.join(9, 1, user(3));
        rooms.join(1, 5, user(4, 100));
        assertThat(keys).hasSize(4).allMatch(TransportKey::isDestroyed);
    }

    @Test
    void opensNothingMoreWithTheKeyOfWhoeverLeft() {
        rooms.open(1, 1);
        rooms.join(1, 1, user(1));
        var opener = participant(1).opener();
        var sealed = ByteBuffer.allocate(100);
        EncryptionMode.AEAD_AES256_GCM_RTPSIZE
                .sealer(TransportKey.of(KEY), new ServerNonces(1))
                .seal(ByteBuffer.allocate(40), 12, sealed);
        sealed.flip();
        assertThat(opener.open(sealed, 12, ByteBuffer.allocate(100))).isTrue();
        rooms.leave(1, 1, 1);
        assertThatIllegalStateException().isThrownBy(() -> opener.open(sealed, 12, ByteBuffer.allocate(100)));
    }

    @Test
    void forgetsEveryAddressAndStreamOfWhoeverLeaves() {
        rooms.open(1, 1);
        rooms.join(1, 1, user(1, 7, 8));
        var participant = rooms.stream(7).participant();
        var asked = new InetSocketAddress("127.0.0.1", 5);
        var proven = new InetSocketAddress("127.0.0.1", 6);
        rooms.onDiscovered(participant, asked);
        rooms.onProven(participant, proven);
        rooms.clear();
        assertThat(rooms.at(asked)).isNull();
        assertThat(rooms.at(proven)).isNull();
        assertThat(rooms.stream(7)).isNull();
        assertThat(rooms.stream(8)).isNull();
        assertThat(rooms.roomCount()).isZero();
        assertThat(rooms.participantCount()).isZero();
    }

    @Test
    void knowsNoParticipantWithoutAStreamOrWithOneTwice() {
        assertThatIllegalArgumentException().isThrownBy(() -> user(1, new int[0]));
        assertThatIllegalArgumentException().isThrownBy(() -> user(1, 5, 5));
        assertThatIllegalArgumentException().isThrownBy(() -> user(1, 0));
    }

    private Participant participant(long user) {
        return rooms.stream((int) user * 100).participant();
    }

    private NewParticipant user(long user) {
        return user(user, (int) user * 100);
    }

    private NewParticipant user(long user, int... ssrcs) {
        var key = TransportKey.of(KEY);
        keys.add(key);
        return new NewParticipant(
                user,
                EncryptionMode.AEAD_AES256_GCM_RTPSIZE,
                key,
                NewParticipant.OPUS,
                IntStream.of(ssrcs)
                        .mapToObj(ssrc -> new MediaStream(ssrc, StreamKind.VOICE))
                        .toList(),
                VoiceFlags.NONE);
    }
}
