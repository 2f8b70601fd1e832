package dev.guildcast.gateway.link;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// Whether one stream to a session host still works, judged by what arrives on it.
///
/// A ping is sent every `pingInterval`. The host answers it for the stream at once, and for each session shard on that
/// shard's loop. Whatever arrives shows that the stream works, so a slow path that still delivers is not given up; but
/// the pings must be answered too, if later: only an answer proves that the host has heard of this gateway, and so that
/// it has not detached its sessions.
///
/// - **Owner:** its stream's lock.
/// - **Bound:** one entry for each ping within `pongMax`, and for each session shard.
/// - **Promise:** time during which this process was paused counts as silence of nobody.
final class StreamLiveness {
    enum Verdict {
        ALIVE,
        /// Nothing has arrived for `deadAfter`.
        SILENT,
        /// Something arrives, but no ping sent within `pongMax` was answered.
        UNANSWERED
    }

    private static final long NOT_BEHIND = Long.MIN_VALUE;

    private record SentPing(long id, long atNanos) {}

    private final long pingIntervalNanos;
    private final long deadAfterNanos;
    private final long shardDeadAfterNanos;
    private final long pongMaxNanos;
    private final ArrayDeque<SentPing> unanswered = new ArrayDeque<>();
    /// For each shard whose loop has answered a ping: since when the stream has answered a newer one, or [#NOT_BEHIND].
    private final TreeMap<Integer, Long> shardsBehindSince = new TreeMap<>();
    private long lastReceivedNanos;
    private long answeredUpToNanos;
    private long lastAnswered;
    private long lastPing;
    private long nextPingNanos;

    StreamLiveness(LinkProperties properties, long nowNanos) {
        this.pingIntervalNanos = properties.pingInterval().toNanos();
        this.deadAfterNanos = properties.deadAfter().toNanos();
        // Together with the wait for the next ping, a loop is noticed within `deadAfter` too.
        this.shardDeadAfterNanos = deadAfterNanos - pingIntervalNanos;
        this.pongMaxNanos = properties.pongMax().toNanos();
        this.lastReceivedNanos = nowNanos;
        this.answeredUpToNanos = nowNanos;
        this.nextPingNanos = nowNanos;
    }

    /// Any message has arrived.
    void onReceived(long nowNanos) {
        lastReceivedNanos = nowNanos;
    }

    /// The stream's own answer to a ping.
    void onPong(long id, long nowNanos) {
        for (var oldest = unanswered.peek(); oldest != null && oldest.id <= id; oldest = unanswered.peek()) {
            answeredUpToNanos = oldest.atNanos;
            unanswered.remove();
        }
        lastAnswered = Math.max(lastAnswered, id);
        shardsBehindSince.replaceAll((shard, since) -> since == NOT_BEHIND ? nowNanos : since);
    }

    /// The answer of a shard's loop.
    void onShardPong(int shard, long id, long nowNanos) {
        shardsBehindSince.put(shard, id < lastAnswered ? nowNanos : NOT_BEHIND);
    }

    /// This process was paused until now: what has arrived meanwhile is unread, and no ping was sent.
    void onPaused(long nowNanos) {
        lastReceivedNanos = nowNanos;
        answeredUpToNanos = nowNanos;
        shardsBehindSince.replaceAll((shard, since) -> since == NOT_BEHIND ? since : nowNanos);
    }

    Verdict verdict(long nowNanos) {
        if (nowNanos - lastReceivedNanos >= deadAfterNanos) {
            return Verdict.SILENT;
        }
        return nowNanos - answeredUpToNanos >= pongMaxNanos ? Verdict.UNANSWERED : Verdict.ALIVE;
    }

    /// Returns each shard whose loop does not answer, once until it answers again.
    List<Integer> takeSilentShards(long nowNanos) {
        var silent = new ArrayList<Integer>();
        shardsBehindSince.entrySet().removeIf(entry -> {
            boolean dead = entry.getValue() != NOT_BEHIND && nowNanos - entry.getValue() >= shardDeadAfterNanos;
            if (dead) {
                silent.add(entry.getKey());
            }
            return dead;
        });
        return silent;
    }

    /// The id of a ping to be sent now; 0: none is due.
    long takePing(long nowNanos) {
        if (nowNanos - nextPingNanos < 0) {
            return 0;
        }
        nextPingNanos = nowNanos + pingIntervalNanos;
        unanswered.add(new SentPing(++lastPing, nowNanos));
        return lastPing;
    }
}
