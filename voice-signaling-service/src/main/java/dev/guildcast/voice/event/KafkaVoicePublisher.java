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
/// The binder hands a record to the producer and says later, on the producer's thread, whether all replicas have it:
/// the token in the record's headers finds its way back here. Every record carries a publication, so that a repeat of
/// it is recognised by the shard.
///
/// - **Owner:** the publisher's own thread, which alone numbers and sends.
/// - **Bound:** [#OUTSTANDING_MAX] records unacknowledged; more are refused.
public final class KafkaVoicePublisher implements VoicePublisher {
    /// The output binding.
    public static final String BINDING = "voice-out-0";

    /// A shard remembers the last 1024 sequences of a publisher.
    static final int OUTSTANDING_MAX = 1000;

    private final StreamBridge bridge;
    private final Topology topology;
    private final Scheduler thread;
    private final String publisher;
    private final AtomicInteger outstanding = new AtomicInteger();
    private long sequence;

    /// @param publisher unique among those that publish at a time
    /// @param firstSequence above whatever an earlier process of this name has used
    KafkaVoicePublisher(
            StreamBridge bridge, Topology topology, Scheduler thread, String publisher, long firstSequence) {
        this.bridge = bridge;
        this.topology = topology;
        this.thread = thread;
        this.publisher = publisher;
        this.sequence = firstSequence;
    }

    @Override
    public Mono<Void> state(VoiceState state) {
        return Mono.defer(() -> append(
                EventCatalogue.ofService("VOICE_STATE_UPDATE", bytes(state.json()))
                        .record(),
                state.guild()));
    }

    @Override
    public Mono<Void> server(long guild, SessionId session, String token, Optional<String> endpoint) {
        // Both texts are of our own alphabet or checked at hello: nothing in them needs escaping.
        String d = "{\"token\":\"" + token + "\",\"guild_id\":\"" + Long.toUnsignedString(guild) + "\",\"endpoint\":"
                + endpoint.map(text -> "\"" + text + "\"").orElse("null") + "}";
        return Mono.defer(() -> append(
                EventCatalogue.ofService("VOICE_SERVER_UPDATE", bytes(d), List.of(session))
                        .record(),
                guild));
    }

    private Mono<Void> append(GuildRecord record, long guild) {
        return Mono.<Void>create(sink -> {
                    if (outstanding.incrementAndGet() > OUTSTANDING_MAX) {
                        outstanding.decrementAndGet();
                        sink.error(new IllegalStateException("too many records are unacknowledged"));
                    } else {
                        send(record, guild, sink);
                    }
                })
                .subscribeOn(thread);
    }

    private void send(GuildRecord record, long guild, MonoSink<Void> sink) {
        var token = new Token(sink, outstanding);
        var marked = record.toBuilder();
        marked.getEventBuilder()
                .setPublication(Publication.newBuilder().setPublisher(publisher).setSequence(sequence++));
        var message = MessageBuilder.withPayload(marked.build().toByteArray())
                .setHeader(KafkaHeaders.PARTITION, topology.guildShard(guild).index())
                .setHeader(KafkaIntegrationHeaders.FUTURE_TOKEN, token)
                .build();
        try {
            if (!bridge.send(BINDING, message)) {
                token.failed(new IllegalStateException("the binding took no record"));
            }
        } catch (RuntimeException e) {
            token.failed(e);
        }
    }

    /// Where the binder sends the future of each record.
    static MessageChannel acknowledgements() {
        return (message, timeout) -> {
            acknowledge(message);
            return true;
        };
    }

    private static void acknowledge(Message<?> message) {
        if (message.getHeaders().get(KafkaIntegrationHeaders.FUTURE_TOKEN) instanceof Token token
                && message.getPayload() instanceof CompletableFuture<?> appended) {
            appended.whenComplete((result, failure) -> {
                if (failure == null) {
                    token.appended();
                } else {
                    token.failed(failure);
                }
            });
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// One record under way; ends once.
    private static final class Token {
        private final MonoSink<Void> sink;
        private final AtomicInteger outstanding;
        private final AtomicBoolean ended = new AtomicBoolean();

        Token(MonoSink<Void> sink, AtomicInteger outstanding) {
            this.sink = sink;
            this.outstanding = outstanding;
        }

        void appended() {
            if (ended.compareAndSet(false, true)) {
                outstanding.decrementAndGet();
                sink.success();
            }
        }

        void failed(Throwable failure) {
            if (ended.compareAndSet(false, true)) {
                outstanding.decrementAndGet();
                sink.error(failure);
            }
        }
    }
}
