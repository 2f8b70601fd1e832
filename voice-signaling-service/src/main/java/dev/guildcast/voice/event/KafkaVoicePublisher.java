package dev.guildcast.voice.event;

import dev.guildcast.contract.SessionId;
import dev.guildcast.contract.Topology;
import dev.guildcast.contract.catalogue.EventCatalogue;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.Publication;
import dev.guildcast.voice.VoiceState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.cloud.stream.function.StreamBridge;
import org.springframework.integration.kafka.support.KafkaIntegrationHeaders;
import org.springframework.integration.support.MessageBuilder;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/// Appends voice events to the guild log, in the partition of the guild's home shard, through Spring Cloud Stream.
///
/// The binder hands a record to the producer. The acknowledgement arrives later, on the producer's thread, on a channel
/// that matches it to the record by the token in the record's headers. Every record carries a publication id, so that
/// the shard recognizes a duplicate.
///
/// - **Owner:** the publisher's own thread, which alone assigns sequences and sends.
/// - **Bound:** [#UNACKNOWLEDGED_MAX] records unacknowledged; more are rejected.
public final class KafkaVoicePublisher implements VoicePublisher {
    /// The output binding.
    public static final String BINDING = "voice-out-0";

    /// Unacknowledged records; below the last 1 024 sequences of a publisher by which a shard recognizes duplicates.
    static final int UNACKNOWLEDGED_MAX = 1000;

    private final StreamBridge bridge;
    private final Topology topology;
    private final Scheduler scheduler;
    private final String publisher;
    private final AtomicInteger unacknowledged = new AtomicInteger();
    private long nextSequence;

    /// @param publisher unique among those that publish at the same time
    /// @param firstSequence above every sequence that an earlier process of this name has used
    KafkaVoicePublisher(
            StreamBridge bridge, Topology topology, Scheduler scheduler, String publisher, long firstSequence) {
        this.bridge = bridge;
        this.topology = topology;
        this.scheduler = scheduler;
        this.publisher = publisher;
        this.nextSequence = firstSequence;
    }

    @Override
    public Mono<Void> publishState(VoiceState state) {
        return Mono.defer(() -> append(
                EventCatalogue.fromService("VOICE_STATE_UPDATE", bytes(state.toJson()))
                        .record(),
                state.guild()));
    }

    @Override
    public Mono<Void> publishServer(long guild, SessionId session, String token, Optional<String> endpoint) {
        // The token is base64url and the endpoint was validated at registration: neither needs escaping.
        String d = "{\"token\":\"" + token + "\",\"guild_id\":\"" + Long.toUnsignedString(guild) + "\",\"endpoint\":"
                + endpoint.map(text -> "\"" + text + "\"").orElse("null") + "}";
        return Mono.defer(() -> append(
                EventCatalogue.fromService("VOICE_SERVER_UPDATE", bytes(d), List.of(session))
                        .record(),
                guild));
    }

    private Mono<Void> append(GuildRecord record, long guild) {
        return Mono.<Void>create(sink -> {
                    if (unacknowledged.incrementAndGet() > UNACKNOWLEDGED_MAX) {
                        unacknowledged.decrementAndGet();
                        sink.error(new IllegalStateException("too many records are unacknowledged; retry later"));
                    } else {
                        send(record, guild, sink);
                    }
                })
                .subscribeOn(scheduler);
    }

    private void send(GuildRecord record, long guild, MonoSink<Void> sink) {
        var pendingRecord = new PendingRecord(sink, unacknowledged);
        var withPublication = record.toBuilder();
        withPublication
                .getEventBuilder()
                .setPublication(Publication.newBuilder().setPublisher(publisher).setSequence(nextSequence++));
        var message = MessageBuilder.withPayload(withPublication.build().toByteArray())
                .setHeader(KafkaHeaders.PARTITION, topology.guildShard(guild).index())
                .setHeader(KafkaIntegrationHeaders.FUTURE_TOKEN, pendingRecord)
                .build();
        try {
            if (!bridge.send(BINDING, message)) {
                pendingRecord.onFailed(new IllegalStateException("the output binding rejected the record"));
            }
        } catch (RuntimeException e) {
            pendingRecord.onFailed(e);
        }
    }

    /// The channel to which the binder sends the future of each record.
    static MessageChannel acknowledgements() {
        return (message, timeout) -> {
            acknowledge(message);
            return true;
        };
    }

    private static void acknowledge(Message<?> message) {
        if (message.getHeaders().get(KafkaIntegrationHeaders.FUTURE_TOKEN) instanceof PendingRecord pendingRecord
                && message.getPayload() instanceof CompletableFuture<?> appended) {
            appended.whenComplete((result, failure) -> {
                if (failure == null) {
                    pendingRecord.onAppended();
                } else {
                    pendingRecord.onFailed(failure);
                }
            });
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// One unacknowledged record; completes once.
    private static final class PendingRecord {
        private final MonoSink<Void> sink;
        private final AtomicInteger unacknowledged;
        private final AtomicBoolean ended = new AtomicBoolean();

        PendingRecord(MonoSink<Void> sink, AtomicInteger unacknowledged) {
            this.sink = sink;
            this.unacknowledged = unacknowledged;
        }

        void onAppended() {
            if (ended.compareAndSet(false, true)) {
                unacknowledged.decrementAndGet();
                sink.success();
            }
        }

        void onFailed(Throwable failure) {
            if (ended.compareAndSet(false, true)) {
                unacknowledged.decrementAndGet();
                sink.error(failure);
            }
        }
    }
}
