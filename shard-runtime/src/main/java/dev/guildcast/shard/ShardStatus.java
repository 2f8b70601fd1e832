package dev.guildcast.shard;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.v1.Role;
import dev.guildcast.shard.v1.ShardReport;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/// The state of a shard on this node, for operators and for placement; at most 100 ms old.
///
/// @param lagMillis time since the last applied record was appended; 0 at the log's end
/// @param live whether the process serves as the owner
/// @param cpuMicros CPU time of the shard's thread since its start, in microseconds
/// @param checkpointAgeMillis time since the last committed checkpoint
/// @param outbox records queued or in flight to other logs
/// @param stopReason why the incarnation ended; null while it runs
public record ShardStatus(
        ShardId shard,
        Role role,
        long epoch,
        long position,
        long lagMillis,
        boolean live,
        long cpuMicros,
        long checkpointAgeMillis,
        int outbox,
        @Nullable String stopReason) {

    public static ShardStatus restoring(ShardId shard) {
        return new ShardStatus(shard, Role.RESTORING, 0, 0, 0, false, 0, 0, 0, null);
    }

    public ShardStatus stopped(String reason) {
        return new ShardStatus(
                shard, Role.STOPPED, epoch, position, lagMillis, false, cpuMicros, checkpointAgeMillis, 0, reason);
    }

    public ShardReport toReport(long cpuMicrosBefore) {
        var report = ShardReport.newBuilder()
                .setShard(shard.toRef())
                // A valid claim without a current read barrier serves nothing: placement must not count it as live.
                .setRole(role == Role.LIVE && !live ? Role.CLAIMING : role)
                .setEpoch(epoch)
                .setLagMillis(lagMillis)
                .setCpuMicros(Math.max(0, cpuMicros - cpuMicrosBefore));
        if (stopReason != null) {
            report.setReason(stopReason);
        }
        return report.build();
    }

    /// CPU time of the calling thread, in nanoseconds; 0 where it is not measured.
    public static long threadCpuNanos() {
        var threads = ManagementFactory.getThreadMXBean();
        return threads.isCurrentThreadCpuTimeSupported() ? threads.getCurrentThreadCpuTime() : 0;
    }
}
