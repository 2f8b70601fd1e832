package dev.guildcast.voiceserver.room;

import dev.guildcast.voiceserver.limit.RateLimit;

/// How many packets a second each stream of a participant may send.
///
/// @param sound of a sound stream
/// @param video of a video or its retransmissions
/// @param rtcp of reports and feedback
public record StreamRates(int sound, int video, int rtcp) {
    /// What a participant may send is far below it: only a flood that forges its address reaches it, and then it is the
    /// loop that is spared.
    private static final int ATTEMPTS_FACTOR = 4;

    /// Clients report every stream once in one to five seconds.
    private static final int REPORTS = 8;

    RateLimit of(StreamKind kind) {
        int perSecond = kind.isSound() ? sound : video;
        // A second's worth may come at once: networks hold packets back and let them go together.
        return new RateLimit(perSecond, perSecond);
    }

    /// Each report goes to the whole room.
    RateLimit reports() {
        return new RateLimit(REPORTS, REPORTS);
    }

    RateLimit attempts() {
        int perSecond = ATTEMPTS_FACTOR * (sound + video + rtcp);
        return new RateLimit(perSecond, perSecond);
    }

    RateLimit control() {
        return new RateLimit(rtcp, rtcp);
    }
}
