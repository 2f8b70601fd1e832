package dev.guildcast.voiceserver.limit;

import java.time.Duration;

/// Decides by how busy the loop is what it gives up: the share of time in which it was not waiting for packets, over
/// windows of a tenth of a second. Past the first share, two windows in a row, video goes, past the second the sound of
/// shared screens.
///
/// It gives up soon and takes back slowly: only when the loop has been less busy than the lower share for a second,
/// and then one level at a time, so that what comes back does not overload it again at once.
///
/// - **Owner:** the media loop; [#level] and [#busyShare] may be read from any thread.
public final class LoadShedder {
    /// Short, so that sound is protected within two windows of an overload.
    private static final long WINDOW_NANOS = Duration.ofMillis(100).toNanos();
    /// Ten windows: one quiet moment must not bring back what overloaded the loop.
    private static final long CALM_NANOS = Duration.ofSeconds(1).toNanos();

    private final double videoShare;
    private final double screenShare;
    private final double calmShare;

    private long windowStartNanos;
    private long busyNanos;
    private long calmSinceNanos;
    private volatile LoadLevel level = LoadLevel.NORMAL;
    private volatile double busyShare;

    /// @param videoShare of the loop's time from which video is dropped
    /// @param screenShare from which the sound of shared screens is dropped, too; not below `videoShare`
    /// @param calmShare below which they come back; below `videoShare`
    public LoadShedder(double videoShare, double screenShare, double calmShare, long nowNanos) {
        this.videoShare = videoShare;
        this.screenShare = screenShare;
        this.calmShare = calmShare;
        windowStartNanos = nowNanos;
        calmSinceNanos = nowNanos;
    }

    /// A turn of the loop is over.
    ///
    /// @param turnNanos how long it worked, without the waiting
    public void onTurn(long turnNanos, long nowNanos) {
        busyNanos += turnNanos;
        long windowNanos = nowNanos - windowStartNanos;
        if (windowNanos < WINDOW_NANOS) {
            return;
        }
        double share = Math.min(1, (double) busyNanos / windowNanos);
        // One window may be a collection of garbage, which no shedding helps against.
        double lasting = Math.min(share, busyShare);
        busyShare = share;
        windowStartNanos = nowNanos;
        busyNanos = 0;
        if (share >= calmShare) {
            calmSinceNanos = nowNanos;
        }
        if (lasting >= screenShare) {
            level = LoadLevel.VOICE_ONLY;
        } else if (lasting >= videoShare && level == LoadLevel.NORMAL) {
            level = LoadLevel.WITHOUT_VIDEO;
        } else if (level != LoadLevel.NORMAL && nowNanos - calmSinceNanos >= CALM_NANOS) {
            level = level == LoadLevel.VOICE_ONLY ? LoadLevel.WITHOUT_VIDEO : LoadLevel.NORMAL;
            calmSinceNanos = nowNanos;
        }
    }

    public LoadLevel level() {
        return level;
    }

    /// Of the last window, 0 to 1.
    public double busyShare() {
        return busyShare;
    }
}
