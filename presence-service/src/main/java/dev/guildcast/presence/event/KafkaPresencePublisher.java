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

/// Appends presence to the ephemeral lane of the guild's shard, through Spring Cloud Stream.
///
/// The binder hands a record to the producer and says later, on the producer's thread, whether it was appended: the
/// token in the record's headers finds its way back here.
///
/// - **Owner:** the publisher's own thread; it alone waits when the producer lacks metadata or room.
/// - **Bound:** what the announcements under way may have unacknowledged.
public final class KafkaPresencePublisher implements PresencePublisher {
    /// The output binding.
    public static final String BINDING = "presence-out-0";

    private final StreamBridge bridge;
    private final Topology topology;
    private final Scheduler thread;

    KafkaPresencePublisher(StreamBridge bridge, Topology topology, Scheduler thread) {
        this.bridge = bridge;
        this.topology = topology;
        this.thread = thread;
    }

    @Override
    public Mono<Void> publish(long guild, long user, Presence presence) {
        return Mono.<Void>create(sink -> send(guild, record(guild, user, presence), sink))
                .subscribeOn(thread);
    }

    static GuildRecord record(long guild, long user, Presence presence) {
        return GuildRecord.newBuilder()
                .setEvent(GuildEvent.newBuilder()
                        .setGuildId(guild)
                        .setType("PRESENCE_UPDATE")
                        .setMembers(Members.getDefaultInstance())
                        .setIntents(Intents.GUILD_PRESENCES)
                        // Nobody is told of themselves.
                        .addExcludedUsers(user)
                        .setPriority(Priority.PRESENCE)
                        .setPayload(ByteString.copyFromUtf8(presence.updateJson(user, guild))))
                .build();
    }

    private void send(long guild, GuildRecord record, MonoSink<Void> sink) {
        var message = MessageBuilder.withPayload(record.toByteArray())
                .setHeader(KafkaHeaders.PARTITION, topology.guildShard(guild).index())
                .setHeader(KafkaIntegrationHeaders.FUTURE_TOKEN, new Token(sink))
                .build();
        try {
            if (!bridge.send(BINDING, message)) {
                sink.error(new IllegalStateException("the binding took no record"));
            }
        } catch (RuntimeException e) {
            sink.error(e);
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
                    token.sink.success();
                } else {
                    token.sink.error(failure);
                }
            });
        }
    }

    private record Token(MonoSink<Void> sink) {}
}
