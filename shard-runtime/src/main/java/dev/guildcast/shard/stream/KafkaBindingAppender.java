package dev.guildcast.shard.stream;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.springframework.integration.kafka.support.KafkaIntegrationHeaders;
import org.springframework.integration.support.MessageBuilder;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/// Appends records to an output binding and completes each when its topic has acknowledged it.
///
/// The binder hands a record to the producer. The acknowledgement arrives later, on the producer's thread, on a channel
/// that matches it to the record by the token in the record's headers.
///
/// - **Owner:** the scheduler's one thread, the only one that may block, when the producer lacks metadata or memory.
/// - **Bound:** `unacknowledgedMax` records; more fail.
/// - **Promise:** records are made and handed over in the order of their subscriptions.
public final class KafkaBindingAppender {
    /// Hands a message to an output binding; `StreamBridge` does.
    @FunctionalInterface
    public interface Bridge {
        /// False if the binding rejected the message.
        boolean send(String binding, Object message);
    }

    private final Bridge bridge;
    private final String binding;
    private final Scheduler scheduler;
    private final int unacknowledgedMax;
    private final AtomicInteger unacknowledged = new AtomicInteger();

    /// @param scheduler of one thread; its owner disposes of it
    public KafkaBindingAppender(Bridge bridge, String binding, Scheduler scheduler, int unacknowledgedMax) {
        this.bridge = bridge;
        this.binding = binding;
        this.scheduler = scheduler;
        this.unacknowledgedMax = unacknowledgedMax;
    }

    /// Appends one record for each subscription.
    ///
    /// @param record makes the record on the appender's thread, and only if it will be handed over
    public Mono<Void> append(int partition, Supplier<byte[]> record) {
        return Mono.<Void>create(sink -> {
                    int others = unacknowledged.getAndIncrement();
                    if (others >= unacknowledgedMax) {
                        unacknowledged.decrementAndGet();
                        sink.error(new IllegalStateException(others + " records of " + binding
                                + " are unacknowledged (at most " + unacknowledgedMax + "); retry later"));
                    } else {
                        send(partition, record, new PendingRecord(sink, unacknowledged));
                    }
                })
                .subscribeOn(scheduler);
    }

    private void send(int partition, Supplier<byte[]> record, PendingRecord pending) {
        try {
            var message = MessageBuilder.withPayload(record.get())
                    .setHeader(KafkaHeaders.PARTITION, partition)
                    .setHeader(KafkaIntegrationHeaders.FUTURE_TOKEN, pending)
                    .build();
            if (!bridge.send(binding, message)) {
                pending.onFailed(new IllegalStateException("the output binding " + binding + " rejected the record"));
            }
        } catch (RuntimeException e) {
            pending.onFailed(e);
        }
    }

    /// The channel to which the binder must send the future of each record, of all appenders of the process.
    public static MessageChannel acknowledgements() {
        return (message, timeout) -> {
            acknowledge(message);
            return true;
        };
    }

    private static void acknowledge(Message<?> message) {
        if (message.getHeaders().get(KafkaIntegrationHeaders.FUTURE_TOKEN) instanceof PendingRecord pending
                && message.getPayload() instanceof CompletableFuture<?> appended) {
            appended.whenComplete((result, failure) -> {
                if (failure == null) {
                    pending.onAppended();
                } else {
                    pending.onFailed(failure);
                }
            });
        }
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
