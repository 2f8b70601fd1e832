package dev.guildcast.voiceserver.room;

import dev.guildcast.voiceserver.limit.RateLimit;

/// A stream that a participant sends.
///
/// - **Owner:** the media loop.
public final class InboundStream {
    private final Participant participant;
    private final MediaStream stream;
    private final RateLimit rate;
    private final ReplayGuard replayGuard = new ReplayGuard();

    InboundStream(Participant participant, MediaStream stream, RateLimit rate) {
        this.participant = participant;
        this.stream = stream;
        this.rate = rate;
    }

    public Participant participant() {
        return participant;
    }

    public int ssrc() {
        return stream.ssrc();
    }

    public StreamKind kind() {
        return stream.kind();
    }

    public RateLimit rate() {
        return rate;
    }

    public ReplayGuard replayGuard() {
        return replayGuard;
    }
}
