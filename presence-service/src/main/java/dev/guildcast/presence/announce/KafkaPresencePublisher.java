package dev.guildcast.presence.announce;

import com.google.protobuf.ByteString;
import dev.guildcast.contract.Intents;
import dev.guildcast.contract.Topology;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.Members;
import dev.guildcast.event.v1.Priority;
import dev.guildcast.presence.Presence;
import dev.guildcast.shard.stream.KafkaBindingAppender;
import reactor.core.publisher.Mono;

/// Appends presence updates to the ephemeral log of the guild's shard.
///
/// - **Bound:** [#UNACKNOWLEDGED_MAX] records unacknowledged.
public final class KafkaPresencePublisher implements PresencePublisher {
    /// The output binding.
    static final String BINDING = "presence-out-0";

    /// Unacknowledged records, a few hundred bytes each; more fail and are announced again later. As many as may wait
    /// for the publisher's thread, and four times what the announcements have in flight: only a bug reaches it.
    static final int UNACKNOWLEDGED_MAX = KafkaPresenceConfiguration.QUEUED_MAX;

    private final KafkaBindingAppender appender;
    private final Topology topology;

    KafkaPresencePublisher(KafkaBindingAppender appender, Topology topology) {
        this.appender = appender;
        this.topology = topology;
    }

    @Override
    public Mono<Void> publish(long guild, long user, Presence presence) {
        return appender.append(
                topology.guildShard(guild).index(),
                () -> record(guild, user, presence).toByteArray());
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
}
