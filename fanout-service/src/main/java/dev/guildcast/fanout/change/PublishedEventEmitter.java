package dev.guildcast.fanout.change;

import com.google.protobuf.ByteString;
import dev.guildcast.event.v1.ContentVariant;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.fanout.audience.RecipientFilter;
import dev.guildcast.fanout.audience.Recipients;
import dev.guildcast.fanout.audience.Scope;
import dev.guildcast.fanout.event.Channel;
import dev.guildcast.fanout.event.GuildList;
import dev.guildcast.shard.Outputs;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Emits what a backend published, with the backend's own payload.
public final class PublishedEventEmitter implements ChangeEmitter {
    private final GuildContext guild;
    private final GuildEvent event;
    private final long nowMillis;
    private final Outputs out;
    private final ShardContext context;

    public PublishedEventEmitter(
            GuildContext guild, GuildEvent event, long nowMillis, Outputs out, ShardContext context) {
        this.guild = guild;
        this.event = event;
        this.nowMillis = nowMillis;
        this.out = out;
        this.context = context;
    }

    /// A create of a known entity is emitted as an update, and an update of an unknown one as a create.
    @Override
    public @Nullable String upsertEventType(String create, String update, boolean known, boolean changed) {
        String type = event.getType();
        if (create.equals(update)) {
            return type;
        }
        if (type.equals(create) && known) {
            return changed ? update : null;
        }
        return type.equals(update) && !known ? create : type;
    }

    @Override
    public void emit(String type, Scope scope, Supplier<byte[]> payload) {
        emit(type, scope);
    }

    /// The published event already names that user among its self users.
    @Override
    public void emitWithSelf(String type, long self, Supplier<byte[]> payload) {
        emit(type, Scope.EVERYONE);
    }

    private void emit(String type, Scope scope) {
        RecipientFilter rule = recipientRule(scope);
        var partialReaders = new HashSet<Long>();
        if (rule.redacted()) {
            for (ContentVariant variant : event.getContentVariantsList()) {
                var users = new HashSet<>(variant.getUsersList());
                users.removeAll(partialReaders);
                partialReaders.addAll(users);
                emit(type, variant.getPayload(), rule.among(users));
            }
        }
        emit(type, event.getPayloadRedacted(), partialReaders.isEmpty() ? rule : rule.without(partialReaders));
    }

    private void emit(String type, ByteString redacted, RecipientFilter rule) {
        guild.eventEmitter().emit(out, type, event.getPayload(), redacted, rule);
    }

    /// Emits the event unchanged to the audience that it names.
    public void emitToNamedAudience() {
        switch (event.getAudienceCase()) {
            case MEMBERS -> emit(event.getType(), Scope.EVERYONE);
            case CHANNEL_ID -> {
                Channel channel = guild.view().channel(event.getChannelId());
                if (channel != null) {
                    emit(event.getType(), new Scope.Viewers(channel));
                }
            }
            case USERS ->
                emit(
                        event.getType(),
                        new Scope.Only(new HashSet<>(event.getUsers().getIdsList())));
            case SESSIONS ->
                context.batcher()
                        .deliver(
                                out,
                                event.getGuildId(),
                                event.getType(),
                                event.getPayload(),
                                ByteString.EMPTY,
                                Recipients.ofSessions(event.getSessions().getRefsList()));
            case AUDIENCE_NOT_SET -> {}
        }
    }

    @Override
    public void listChanged(String name, @Nullable GuildList before) {
        emitToNamedAudience();
    }

    @Override
    public void memberJoined(long user) {
        context.memberships().emitJoined(out, guild.view().id(), List.of(user));
    }

    private RecipientFilter recipientRule(Scope scope) {
        long channel = 0;
        if (scope instanceof Scope.Viewers viewers) {
            channel = viewers.channel().thread()
                    ? viewers.channel().parentId()
                    : viewers.channel().id();
        }
        return new RecipientFilter(
                scope,
                channel,
                event.getRequiredPermissionsList(),
                event.getIntents(),
                Set.copyOf(event.getSelfUsersList()),
                event.getSelfIntents(),
                Set.copyOf(event.getExcludedUsersList()),
                !event.getPayloadRedacted().isEmpty(),
                Set.copyOf(event.getFullRecipientsList()),
                nowMillis);
    }
}
