package dev.guildcast.shard;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.v1.Role;
import dev.guildcast.shard.v1.ShardReport;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/// How a shard fares on this node, for operators and for whoever places shards; at most 100 ms old.
///
/// @param lagMillis age of the newest record not applied yet; 0 at the log's end
/// @param live whether the process answers as the owner
/// @param cpuMicros CPU time of the shard's thread since its start, in microseconds
/// @param checkpointAgeMillis time since the last committed checkpoint
/// @param outbox records staged or on their way
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

    static ShardStatus restoring(ShardId shard) {
        return new ShardStatus(shard, Role.RESTORING, 0, 0, 0, false, 0, 0, 0, null);
    }

    ShardStatus stopped(String reason) {
        return new ShardStatus(
                shard, Role.STOPPED, epoch, position, lagMillis, false, cpuMicros, checkpointAgeMillis, 0, reason);
    }

    ShardReport report(long cpuMicrosBefore) {
        var report = ShardReport.newBuilder()
                .setShard(shard.toRef())
                // Live as claimed is not live as proven: whoever places shards acts on the proof.
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
    static long threadCpuNanos() {
        var threads = ManagementFactory.getThreadMXBean();
        return threads.isCurrentThreadCpuTimeSupported() ? threads.getCurrentThreadCpuTime() : 0;
    }
}
