package dev.guildcast.voiceserver.link;

import dev.guildcast.voice.v1.CloseRoom;
import dev.guildcast.voice.v1.HeldRoom;
import dev.guildcast.voice.v1.JoinRoom;
import dev.guildcast.voice.v1.LeaveRoom;
import dev.guildcast.voice.v1.MediaFlags;
import dev.guildcast.voice.v1.MediaMode;
import dev.guildcast.voice.v1.MediaOrder;
import dev.guildcast.voice.v1.MediaOrderResult.Outcome;
import dev.guildcast.voice.v1.MediaStreamRef;
import dev.guildcast.voice.v1.UpdateUser;
import dev.guildcast.voiceserver.control.RoomControl;
import dev.guildcast.voiceserver.crypto.EncryptionMode;
import dev.guildcast.voiceserver.crypto.TransportKey;
import dev.guildcast.voiceserver.room.MediaStream;
import dev.guildcast.voiceserver.room.NewParticipant;
import dev.guildcast.voiceserver.room.RoomOutcome;
import dev.guildcast.voiceserver.room.StreamKind;
import dev.guildcast.voiceserver.room.VoiceFlags;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Turns orders of voice-signaling into commands for the media loop, and remembers what they led to.
///
/// - **Owner:** any thread; results arrive on the media loop.
/// - **Promise:** an order that cannot be understood changes nothing, and its result says so. A key is destroyed
///   whatever the outcome; the bytes of the message that brought it go with the garbage collector.
final class RoomOrders {
    private final RoomControl control;
    private final HeldRooms held = new HeldRooms();

    RoomOrders(RoomControl control) {
        this.control = control;
    }

    /// What this server carries.
    List<HeldRoom> held() {
        return held.toReport();
    }

    /// @param order anything but a ping
    CompletableFuture<Outcome> execute(MediaOrder order) {
        return switch (order.getOrderCase()) {
            case JOIN -> join(order.getJoin());
            case UPDATE -> update(order.getUpdate());
            case LEAVE -> leave(order.getLeave());
            case CLOSE -> close(order.getClose());
            case PING, ORDER_NOT_SET -> CompletableFuture.completedFuture(Outcome.INVALID);
        };
    }

    private CompletableFuture<Outcome> join(JoinRoom order) {
        var joining = participant(order);
        if (joining.isEmpty()) {
            return CompletableFuture.completedFuture(Outcome.INVALID);
        }
        long room = order.getChannelId();
        long epoch = order.getEpoch();
        // Both are in the loop's queue before either is carried out: nothing of this room comes between them.
        var opened = control.open(room, epoch);
        return control.join(room, epoch, joining.get()).thenCombine(opened, (joined, open) -> {
            if (joined == RoomOutcome.DONE) {
                held.onJoined(order.getGuildId(), room, epoch, order.getUserId());
            }
            return outcome(open == RoomOutcome.DONE ? joined : open);
        });
    }

    private CompletableFuture<Outcome> update(UpdateUser order) {
        return control.update(order.getChannelId(), order.getEpoch(), order.getUserId(), flags(order.getFlags()))
                .thenApply(RoomOrders::outcome);
    }

    private CompletableFuture<Outcome> leave(LeaveRoom order) {
        return control.leave(order.getChannelId(), order.getEpoch(), order.getUserId())
                .thenApply(left -> {
                    if (left == RoomOutcome.DONE || left == RoomOutcome.NOT_JOINED) {
                        held.onLeft(order.getChannelId(), order.getEpoch(), order.getUserId());
                    }
                    return outcome(left);
                });
    }

    private CompletableFuture<Outcome> close(CloseRoom order) {
        return control.close(order.getChannelId(), order.getEpoch()).thenApply(closed -> {
            if (closed == RoomOutcome.DONE || closed == RoomOutcome.NOT_OPEN) {
                held.onClosed(order.getChannelId(), order.getEpoch());
            }
            return outcome(closed);
        });
    }

    private static Optional<NewParticipant> participant(JoinRoom order) {
        var mode = mode(order.getMode());
        var kinds = order.getStreamsList().stream().map(RoomOrders::kind).toList();
        if (mode.isEmpty()
                || order.getKey().size() != TransportKey.BYTES
                || kinds.stream().anyMatch(Optional::isEmpty)) {
            return Optional.empty();
        }
        var bytes = order.getKey().toByteArray();
        var key = TransportKey.of(bytes);
        Arrays.fill(bytes, (byte) 0);
        try {
            var streams = order.getStreamsList().stream()
                    .map(stream ->
                            new MediaStream(stream.getSsrc(), kind(stream).orElseThrow()))
                    .toList();
            return Optional.of(new NewParticipant(
                    order.getUserId(), mode.get(), key, order.getSoundPayloadType(), streams, flags(order.getFlags())));
        } catch (IllegalArgumentException wrong) {
            key.destroy();
            return Optional.empty();
        }
    }

    private static Optional<EncryptionMode> mode(MediaMode mode) {
        return switch (mode) {
            case AEAD_AES256_GCM_RTPSIZE -> Optional.of(EncryptionMode.AEAD_AES256_GCM_RTPSIZE);
            case AEAD_XCHACHA20_POLY1305_RTPSIZE -> Optional.of(EncryptionMode.AEAD_XCHACHA20_POLY1305_RTPSIZE);
            case MEDIA_MODE_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    }

    private static Optional<StreamKind> kind(MediaStreamRef stream) {
        return switch (stream.getKind()) {
            case VOICE -> Optional.of(StreamKind.VOICE);
            case SCREEN_SOUND -> Optional.of(StreamKind.SCREEN_SOUND);
            case VIDEO -> Optional.of(StreamKind.VIDEO);
            case RETRANSMISSION -> Optional.of(StreamKind.RETRANSMISSION);
            case KIND_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    }

    private static VoiceFlags flags(MediaFlags flags) {
        return new VoiceFlags(flags.getMute(), flags.getDeafen(), flags.getSuppress());
    }

    private static Outcome outcome(RoomOutcome outcome) {
        return switch (outcome) {
            case DONE -> Outcome.DONE;
            case FENCED -> Outcome.FENCED;
            case NOT_OPEN, NOT_JOINED -> Outcome.ABSENT;
            case SSRC_TAKEN -> Outcome.SSRC_TAKEN;
            case STREAMS_FULL -> Outcome.INVALID;
            case ROOMS_FULL, ROOM_FULL, SERVER_FULL, BUSY, CLOSED -> Outcome.FULL;
        };
    }
}
