package dev.guildcast.shard.memory;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.storage.CheckpointWriter;
import dev.guildcast.shard.storage.DeadLetters;
import dev.guildcast.shard.storage.EphemeralReader;
import dev.guildcast.shard.storage.LogEnds;
import dev.guildcast.shard.storage.RecordSender;
import dev.guildcast.shard.storage.ShardStorage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Storage of shards on real threads, in memory: for tests of services without Kafka.
public final class MemoryShardStorage implements ShardStorage {
    /// A record that could not be applied.
    public record DeadLetter(ShardId shard, long offset, String reason) {}

    private final MemoryInstallation installation;
    private final List<DeadLetter> deadLetters = new CopyOnWriteArrayList<>();

    public MemoryShardStorage(MemoryInstallation installation) {
        this.installation = installation;
    }

    public List<DeadLetter> deadLetters() {
        return deadLetters;
    }

    @Override
    public long restore(ShardId shard, BiConsumer<String, byte[]> entities) {
        return installation.restore(shard, entities);
    }

    @Override
    public Incarnation open(ShardId shard, long from, boolean ephemeral, Executor loop) {
        return new MemoryIncarnation(shard, from, ephemeral, loop);
    }

    @Override
    public void close() {
        // The installation outlives its nodes.
    }

    private static final class Reader implements LogReader, EphemeralReader {
        private final @Nullable MemoryLog log;
        private long next;

        private Reader(@Nullable MemoryLog log, long next) {
            this.log = log;
            this.next = next;
        }

        @Override
        public @Nullable LogEntry poll() {
            return log == null || next >= log.end() ? null : log.at(next++);
        }

        @Override
        public void onArrival(Runnable signal) {
            if (log != null) {
                log.onAppend(signal);
            }
        }
    }

    private final class MemoryIncarnation implements Incarnation {
        private final ShardId shard;
        private final Reader log;
        private final Reader ephemeral;
        private final Executor loop;
        private int writerEpoch;
        private volatile boolean closed;

        private MemoryIncarnation(ShardId shard, long from, boolean hasEphemeral, Executor loop) {
            this.shard = shard;
            this.loop = loop;
            this.log = new Reader(installation.log(shard), from);
            this.ephemeral = hasEphemeral
                    ? new Reader(
                            installation.ephemeral(shard),
                            installation.ephemeral(shard).end())
                    : new Reader(null, 0);
        }

        @Override
        public LogReader log() {
            return log;
        }

        @Override
        public EphemeralReader ephemeral() {
            return ephemeral;
        }

        @Override
        public RecordSender sender() {
            return (target, record, callback) -> {
                if (!closed) {
                    installation.log(target).append(record);
                }
                loop.execute(() -> callback.onDone(!closed));
            };
        }

        @Override
        public CheckpointWriter checkpoints() {
            return new CheckpointWriter() {
                @Override
                public void begin(CheckpointCallback callback) {
                    writerEpoch = installation.beginWriting(shard);
                    loop.execute(() -> callback.onDone(true));
                }

                @Override
                public void commit(
                        long position, Map<String, byte @Nullable []> entities, CheckpointCallback callback) {
                    boolean success = installation.commit(shard, writerEpoch, position, entities);
                    loop.execute(() -> callback.onDone(success));
                }
            };
        }

        @Override
        public LogEnds ends() {
            return callback -> {
                long end = installation.log(shard).end();
                loop.execute(() -> callback.accept(end));
            };
        }

        @Override
        public DeadLetters deadLetters() {
            return (source, offset, reason, record, onLost) -> deadLetters.add(new DeadLetter(source, offset, reason));
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
