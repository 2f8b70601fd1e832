package dev.guildcast.shard.kafka;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.storage.CheckpointReader;
import dev.guildcast.shard.storage.CheckpointWriter;
import dev.guildcast.shard.storage.DeadLetters;
import dev.guildcast.shard.storage.EphemeralReader;
import dev.guildcast.shard.storage.LogEnds;
import dev.guildcast.shard.storage.RecordSender;
import dev.guildcast.shard.storage.ShardStorage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Shard logs and checkpoints on Kafka.
///
/// - **Owner:** shared by a node's shards; each incarnation belongs to its loop.
/// - **Bound:** [KafkaLogReader#READ_AHEAD_RECORDS] per log; one producer buffer per incarnation.
/// - **Promise:** that of [ShardStorage], based on Kafka's: records are acknowledged by all in-sync replicas, and
///   those of one producer stay in order.
public final class KafkaShardStorage implements ShardStorage {
    private static final Logger log = LoggerFactory.getLogger(KafkaShardStorage.class);
    private final KafkaSettings settings;
    private final KafkaClients clients;
    private final KafkaLogEnds ends;
    private final KafkaOffsets lookup;
    private final KafkaReachability reachability;
    private final ScheduledExecutorService ticks;
    private final KafkaLogReaders readers;
    /// Consumers of their own for the ephemeral lanes, whose failures must not reach the logs.
    private final KafkaLogReaders laneReaders;

    public KafkaShardStorage(KafkaSettings settings) {
        this.settings = settings;
        this.clients = new KafkaClients(settings);
        var admin = clients.admin();
        this.lookup = new KafkaAdminOffsets(admin);
        this.reachability = new KafkaReachability(() -> probe(admin), System::nanoTime);
        this.ticks = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("kafka-probe").daemon(true).factory());
        long tickMillis = KafkaReachability.TICK.toMillis();
        ticks.scheduleAtFixedRate(reachability::onTick, tickMillis, tickMillis, TimeUnit.MILLISECONDS);
        this.ends = new KafkaLogEnds(lookup);
        this.readers = new KafkaLogReaders(clients::logConsumer);
        this.laneReaders = new KafkaLogReaders(clients::logConsumer);
    }

    private static CompletionStage<?> probe(Admin admin) {
        var options =
                new DescribeClusterOptions().timeoutMs(Math.toIntExact(KafkaReachability.PROBE_TIMEOUT.toMillis()));
        return admin.describeCluster(options).clusterId().toCompletionStage();
    }

    @Override
    public boolean isLost() {
        return reachability.lost();
    }

    @Override
    public void onLostChange(Runnable listener) {
        reachability.onChange(listener);
    }

    @Override
    public long restore(ShardId shard, BiConsumer<String, byte[]> entities) throws InterruptedException {
        var state = new TopicPartition(settings.topics().state(shard.kind()), shard.index());
        try (var topic = new KafkaStateReader(clients.stateConsumer(), state)) {
            return CheckpointReader.read(topic, entities);
        } catch (InterruptException e) {
            throw (InterruptedException) new InterruptedException("restore of " + shard).initCause(e);
        }
    }

    @Override
    public Incarnation open(ShardId shard, long from, boolean ephemeral, Executor loop) throws InterruptedException {
        var partition = new TopicPartition(settings.topics().log(shard.kind()), shard.index());
        var producer = clients.logProducer();
        try {
            for (var kind : ShardId.Kind.values()) {
                // Fetches the metadata now: the first send would otherwise block the shard's loop for it.
                producer.partitionsFor(settings.topics().log(kind));
            }
            return new KafkaIncarnation(shard, partition, from, ephemeral, loop, producer);
        } catch (InterruptException e) {
            producer.close(Duration.ZERO);
            throw (InterruptedException) new InterruptedException("opening " + shard).initCause(e);
        } catch (KafkaException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    @Override
    public void close() {
        ticks.shutdownNow();
        ends.close();
    }

    private final class KafkaIncarnation implements Incarnation {
        private final KafkaLogReader log;
        private final @Nullable KafkaEphemeralReader ephemeral;
        private final KafkaProducer<byte[], byte[]> producer;
        private final KafkaCheckpointWriter checkpoints;
        private final ShardId shard;
        private final TopicPartition partition;
        private final Executor loop;
        private final AtomicBoolean closed = new AtomicBoolean();

        private KafkaIncarnation(
                ShardId shard,
                TopicPartition partition,
                long from,
                boolean hasEphemeral,
                Executor loop,
                KafkaProducer<byte[], byte[]> producer) {
            this.shard = shard;
            this.partition = partition;
            this.loop = loop;
            this.producer = producer;
            this.checkpoints = new KafkaCheckpointWriter(
                    clients,
                    new TopicPartition(settings.topics().state(shard.kind()), shard.index()),
                    settings.topics().checkpointTransactionalId(shard),
                    loop);
            this.ephemeral = hasEphemeral
                    ? new KafkaEphemeralReader(
                            new TopicPartition(settings.topics().guildEphemeral(), shard.index()),
                            laneReaders,
                            lookup,
                            System::nanoTime)
                    : null;
            this.log = readers.open(partition, from);
        }

        @Override
        public LogReader log() {
            return log;
        }

        @Override
        public EphemeralReader ephemeral() {
            return ephemeral == null ? EphemeralReader.NONE : ephemeral;
        }

        @Override
        public RecordSender sender() {
            return (target, record, callback) -> {
                try {
                    var unused = producer.send(
                            new ProducerRecord<>(settings.topics().log(target.kind()), target.index(), null, record),
                            (metadata, failure) -> {
                                if (failure != null && !closed.get()) {
                                    onAppendFailed(target, failure);
                                }
                                loop.execute(() -> callback.onDone(failure == null));
                            });
                } catch (KafkaException e) {
                    onAppendFailed(target, e);
                    loop.execute(() -> callback.onDone(false));
                }
            };
        }

        private void onAppendFailed(ShardId target, Exception failure) {
            KafkaShardStorage.log.warn(
                    "append to {} failed: {}; shard {} stops here and restarts from its checkpoint",
                    target,
                    failure.toString(),
                    shard);
        }

        @Override
        public CheckpointWriter checkpoints() {
            return checkpoints;
        }

        @Override
        public LogEnds ends() {
            return callback -> ends.fetch(partition, end -> loop.execute(() -> callback.accept(end)));
        }

        @Override
        public DeadLetters deadLetters() {
            return (source, offset, reason, record, onLost) -> {
                var deadLetter = new ProducerRecord<>(
                        settings.topics().deadLetter(),
                        (byte[]) null,
                        record.length > DEAD_LETTER_BYTES_MAX ? null : record);
                deadLetter
                        .headers()
                        .add(new RecordHeader("shard", utf8(source.toString())))
                        .add(new RecordHeader("offset", utf8(Long.toString(offset))))
                        .add(new RecordHeader("reason", utf8(reason)));
                try {
                    var unused = producer.send(deadLetter, (metadata, failure) -> {
                        if (failure != null) {
                            onDeadLetterLost(source, offset, reason, failure);
                            onLost.run();
                        }
                    });
                } catch (KafkaException e) {
                    onDeadLetterLost(source, offset, reason, e);
                    onLost.run();
                }
            };
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                log.close();
                if (ephemeral != null) {
                    ephemeral.close();
                }
                checkpoints.close();
                producer.close(Duration.ZERO);
            }
        }
    }

    /// A larger record is stored as a dead letter without its bytes: 1 MiB is Kafka's default limit of a batch.
    private static final int DEAD_LETTER_BYTES_MAX = 1 << 20;

    private static void onDeadLetterLost(ShardId shard, long offset, String reason, Exception failure) {
        log.warn(
                "dead letter of {} offset {} ({}) could not be written: {}", shard, offset, reason, failure.toString());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
