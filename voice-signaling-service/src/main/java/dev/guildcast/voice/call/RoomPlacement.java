package dev.guildcast.voice.call;

import com.google.protobuf.ByteString;
import dev.guildcast.voice.media.MediaOutcome;
import dev.guildcast.voice.media.MediaServers;
import dev.guildcast.voice.protocol.EncryptionMode;
import dev.guildcast.voice.v1.CloseRoom;
import dev.guildcast.voice.v1.JoinRoom;
import dev.guildcast.voice.v1.LeaveRoom;
import dev.guildcast.voice.v1.MediaStreamRef;
import dev.guildcast.voice.v1.UpdateUser;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;

/// Puts sessions into their rooms at their voice servers, with fresh SSRCs and keys.
///
/// - **Owner:** the voice loop.
final class RoomPlacement {
    private static final int KEY_BYTES = 32;

    /// Of random 32-bit numbers on a server with some thousand streams, one in a million is taken.
    private static final int ATTEMPTS_MAX = 3;

    private final MediaServers servers;
    private final VoiceSessions sessions;
    private final SecureRandom random;

    RoomPlacement(MediaServers servers, VoiceSessions sessions, SecureRandom random) {
        this.servers = servers;
        this.sessions = sessions;
        this.random = random;
    }

    /// Lets the session in under fresh SSRCs, so that its client can ask for its address: with a key that nobody gets,
    /// until a mode is selected.
    void reserve(VoiceSession session, Consumer<MediaOutcome> result) {
        reserve(session, ATTEMPTS_MAX, result);
    }

    private void reserve(VoiceSession session, int attempts, Consumer<MediaOutcome> result) {
        session.setSsrcs(randomSsrcs(1 + 2 * session.video().size()));
        join(session, EncryptionMode.AES_GCM, randomKey(), 0, outcome -> {
            if (outcome == MediaOutcome.SSRC_TAKEN && attempts > 1) {
                reserve(session, attempts - 1, result);
            } else {
                result.accept(outcome);
            }
        });
    }

    /// Lets the session in again with this mode and key; its client goes on with its SSRCs.
    void join(
            VoiceSession session,
            EncryptionMode mode,
            byte[] key,
            int soundPayloadType,
            Consumer<MediaOutcome> result) {
        var room = JoinRoom.newBuilder()
                .setGuildId(session.guild())
                .setChannelId(session.channel())
                .setEpoch(session.place().epoch())
                .setUserId(session.user())
                .setMode(mode.mediaMode())
                .setKey(ByteString.copyFrom(key))
                .setSoundPayloadType(soundPayloadType)
                .setFlags(session.flags());
        for (int i = 0; i < session.ssrcs().size(); i++) {
            room.addStreams(
                    MediaStreamRef.newBuilder().setSsrc(session.ssrcs().get(i)).setKind(kind(i)));
        }
        servers.join(session.place().serverId(), room.build(), result);
    }

    byte[] randomKey() {
        var key = new byte[KEY_BYTES];
        random.nextBytes(key);
        return key;
    }

    void updateFlags(VoiceSession session) {
        servers.update(
                session.place().serverId(),
                UpdateUser.newBuilder()
                        .setChannelId(session.channel())
                        .setEpoch(session.place().epoch())
                        .setUserId(session.user())
                        .setFlags(session.flags())
                        .build());
    }

    /// Cuts the session off, and closes the room behind the last one.
    ///
    /// @param session no longer among the sessions
    void leave(VoiceSession session) {
        var place = session.place();
        boolean replaced = sessions.of(session.guild(), session.user())
                .filter(next ->
                        next.channel() == session.channel() && next.place().equals(place))
                .isPresent();
        if (replaced) {
            return;
        }
        servers.leave(
                place.serverId(),
                LeaveRoom.newBuilder()
                        .setChannelId(session.channel())
                        .setEpoch(place.epoch())
                        .setUserId(session.user())
                        .build());
        if (!sessions.isRoomInUse(session.channel(), place)) {
            servers.close(
                    place.serverId(),
                    CloseRoom.newBuilder()
                            .setChannelId(session.channel())
                            .setEpoch(place.epoch())
                            .build());
        }
    }

    private List<Integer> randomSsrcs(int count) {
        var ssrcs = new HashSet<Integer>();
        while (ssrcs.size() < count) {
            int ssrc = random.nextInt();
            if (ssrc != 0) {
                ssrcs.add(ssrc);
            }
        }
        return new ArrayList<>(ssrcs);
    }

    private static MediaStreamRef.Kind kind(int index) {
        if (index == 0) {
            return MediaStreamRef.Kind.VOICE;
        }
        return index % 2 == 1 ? MediaStreamRef.Kind.VIDEO : MediaStreamRef.Kind.RETRANSMISSION;
    }
}
