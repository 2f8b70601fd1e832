package dev.guildcast.voice.call;

import dev.guildcast.voice.VoiceState;
import dev.guildcast.voice.protocol.VoiceCommand.VideoStream;
import dev.guildcast.voice.protocol.VoiceMessages;
import dev.guildcast.voice.protocol.VoiceOpcode;
import dev.guildcast.voice.v1.MediaFlags;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A user's stay in one voice channel, from Identify on. It outlives its connection for the resume window.
///
/// - **Owner:** the voice loop.
/// - **Bound:** its [ReplayBuffer].
final class VoiceSession {
    private final String token;
    private final Place place;
    private final List<VideoStream> video;
    private final ReplayBuffer replay;
    private VoiceState state;
    private List<Integer> ssrcs = List.of();
    private @Nullable VoiceConnection connection;
    private long detachedNanos;
    private long staleNanos;
    private boolean stale;
    private boolean ended;
    private boolean announced;
    private int speaking;
    private @Nullable JsonNode videoAnnounced;

    /// Where its media is.
    ///
    /// @param epoch under which its room is open there
    record Place(String serverId, long epoch) {}

    /// @param token that it identified with
    /// @param video streams that it may send
    VoiceSession(VoiceState state, String token, Place place, List<VideoStream> video, long replayBytesMax) {
        this.state = state;
        this.token = token;
        this.place = place;
        this.video = video;
        this.replay = new ReplayBuffer(replayBytesMax);
    }

    VoiceState state() {
        return state;
    }

    void setState(VoiceState state) {
        this.state = state;
    }

    long guild() {
        return state.guild();
    }

    long channel() {
        return state.channel();
    }

    long user() {
        return state.user();
    }

    String token() {
        return token;
    }

    Place place() {
        return place;
    }

    List<VideoStream> video() {
        return video;
    }

    /// One of sound, then one of video and one of its retransmission for each stream; empty before they are reserved.
    List<Integer> ssrcs() {
        return ssrcs;
    }

    void setSsrcs(List<Integer> ssrcs) {
        this.ssrcs = List.copyOf(ssrcs);
    }

    int ssrc() {
        return ssrcs.getFirst();
    }

    ReplayBuffer replay() {
        return replay;
    }

    Optional<VoiceConnection> connection() {
        return Optional.ofNullable(connection);
    }

    void attach(VoiceConnection to) {
        connection = to;
    }

    void detach(long nowNanos) {
        connection = null;
        detachedNanos = nowNanos;
    }

    boolean isDetachedFor(long nanos, long nowNanos) {
        return connection == null && nowNanos - detachedNanos >= nanos;
    }

    /// @param isStale whether its guild has another server, or the same under another epoch
    /// @return for how long that has been so; 0: it is not
    long onStaleness(boolean isStale, long nowNanos) {
        if (isStale && !stale) {
            staleNanos = nowNanos;
        }
        stale = isStale;
        return isStale ? nowNanos - staleNanos : 0;
    }

    boolean isEnded() {
        return ended;
    }

    void end() {
        ended = true;
    }

    /// Whether others know its SSRC: before that its media is not passed on, because nobody could attribute it.
    boolean isAnnounced() {
        return announced;
    }

    int speaking() {
        return speaking;
    }

    void onSpeaking(int flags) {
        announced = true;
        speaking = flags;
    }

    @Nullable
    JsonNode videoAnnounced() {
        return videoAnnounced;
    }

    void onVideo(JsonNode d) {
        videoAnnounced = d;
    }

    MediaFlags flags() {
        return MediaFlags.newBuilder()
                .setMute(state.mute())
                .setDeafen(state.deaf())
                .setSuppress(!announced)
                .build();
    }

    /// Sends a message that a resume repeats.
    void send(VoiceOpcode opcode, String d) {
        String numbered = replay.add(opcode, d);
        VoiceConnection current = connection;
        if (current != null) {
            current.socket()
                    .send(
                            current.version() >= VoiceMessages.NUMBERED_VERSION
                                    ? numbered
                                    : VoiceMessages.text(opcode, d));
        }
    }

    /// Without session and token.
    @Override
    public String toString() {
        return "voice session in channel " + Long.toUnsignedString(channel());
    }
}
