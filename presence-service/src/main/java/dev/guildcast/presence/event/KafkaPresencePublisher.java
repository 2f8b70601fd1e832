package dev.guildcast.presence.event;

import com.google.protobuf.ByteString;
import dev.guildcast.contract.Intents;
import dev.guildcast.contract.Topology;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.Members;
import dev.guildcast.event.v1.Priority;
import dev.guildcast.presence.Presence;
import java.util.concurrent.CompletableFuture;
import org.springframework.cloud.stream.function.StreamBridge;
import org.springframework.integration.kafka.support.KafkaIntegrationHeaders;
import org.springframework.integration.support.MessageBuilder;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/// Appends presence updates to the ephemeral log of the guild's shard, through Spring Cloud Stream.
///
/// The binder hands a record to the producer. The acknowledgement arrives later, on the producer's thread, on a channel
/// that matches it to the record by the token in the record's headers.
///
/// - **Owner:** the publisher's own thread, the only one that may block, when the producer lacks metadata or memory.
/// - **Bound:** the unacknowledged records of the announcements in flight.
public final class KafkaPresencePublisher implements PresencePublisher {
    /// The output binding.
    public static final String BINDING = "presence-out-0";

    private final StreamBridge bridge;
    private final Topology topology;
    private final Scheduler scheduler;

    KafkaPresencePublisher(StreamBridge bridge, Topology topology, Scheduler scheduler) {
        this.bridge = bridge;
        this.topology = topology;
        this.scheduler = scheduler;
    }

    @Override
    public Mono<Void> publish(long guild, long user, Presence presence) {
        return Mono.<Void>create(sink -> send(guild, record(guild, user, presence), sink))
                .subscribeOn(scheduler);
    }

    static GuildRecord record(long guild, long user, Presence presence) {
        return GuildRecord.newBuilder()
                .setEvent(GuildEvent.newBuilder()
                        .setGuildId(guild)
                        .setType("PRESENCE_UPDATE")
                        .setMembers(Members.getDefaultInstance())
                        .setIntents(Intents.GUILD_PRESENCES)
                        // The subject does not receive its own presence update.
                        .addExcludedUsers(user)
                        .setPriority(Priority.PRESENCE)
                        .setPayload(ByteString.copyFromUtf8(presence.updateJson(user, guild))))
                .build();
    }

    private void send(long guild, GuildRecord record, MonoSink<Void> sink) {
        var message = MessageBuilder.withPayload(record.toByteArray())
                .setHeader(KafkaHeaders.PARTITION, topology.guildShard(guild).index())
                .setHeader(KafkaIntegrationHeaders.FUTURE_TOKEN, new PendingRecord(sink))
                .build();
        try {
            if (!bridge.send(BINDING, message)) {
                sink.error(new IllegalStateException("the output binding rejected the record"));
            }
        } catch (RuntimeException e) {
            sink.error(e);
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
                    pendingRecord.sink.success();
                } else {
                    pendingRecord.sink.error(failure);
                }
            });
        }
    }

    private record PendingRecord(MonoSink<Void> sink) {}
}
