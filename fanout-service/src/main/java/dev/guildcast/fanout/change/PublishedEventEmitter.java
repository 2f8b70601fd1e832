package dev.guildcast.fanout.change;

import com.google.protobuf.ByteString;
import dev.guildcast.event.v1.ContentVariant;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.fanout.audience.RecipientFilter;
import dev.guildcast.fanout.audience.Recipients;
import dev.guildcast.fanout.audience.Scope;
import dev.guildcast.fanout.payload.PartialPayload;
import dev.guildcast.fanout.view.Channel;
import dev.guildcast.fanout.view.GuildList;
import dev.guildcast.fanout.view.VoiceState;
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
                emit(type, new PartialPayload(variant.getPayload(), variant.getConcealmentsList()), rule.among(users));
            }
        }
        emit(
                type,
                new PartialPayload(event.getPayloadRedacted(), event.getRedactedConcealmentsList()),
                partialReaders.isEmpty() ? rule : rule.without(partialReaders));
    }

    private void emit(String type, PartialPayload redacted, RecipientFilter rule) {
        guild.eventEmitter()
                .emit(out, type, new PartialPayload(event.getPayload(), event.getConcealmentsList()), redacted, rule);
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
            case CONNECTED_CHANNEL_ID -> {
                Channel channel = guild.view().channel(event.getConnectedChannelId());
                if (channel != null) {
                    emit(event.getType(), new Scope.Among(new Scope.Viewers(channel), connectedTo(channel.id())));
                }
            }
            case LIST_ITEM -> {
                GuildList list = guild.view().lists().get(event.getListItem().getList());
                GuildList.Item item =
                        list == null ? null : list.item(event.getListItem().getId());
                if (item != null) {
                    emitToViewersOf(item);
                }
            }
            case USERS -> emitToUsers(new HashSet<>(event.getUsers().getIdsList()));
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

    private void emitToUsers(Set<Long> users) {
        Channel channel = guild.view().channel(event.getVisibleChannelId());
        if (event.getVisibleChannelId() == 0) {
            emit(event.getType(), new Scope.Only(users));
        } else if (channel != null) {
            emit(event.getType(), new Scope.Among(new Scope.Viewers(channel), users));
        }
        if (event.getReachesNonMembers()) {
            users.removeAll(guild.view().members().keySet());
            context.memberships().emitToNonMembers(out, event, users);
        }
    }

    private Set<Long> connectedTo(long channel) {
        var users = new HashSet<Long>();
        for (VoiceState state : guild.view().voiceStates().values()) {
            if (state.channelId() == channel) {
                users.add(state.userId());
            }
        }
        return users;
    }

    private void emitToViewersOf(GuildList.Item item) {
        if (item.channelId() == 0) {
            emit(event.getType(), Scope.EVERYONE);
            return;
        }
        Channel channel = guild.view().channel(item.channelId());
        if (channel != null) {
            emit(event.getType(), new Scope.Viewers(channel));
        }
    }

    /// An item that was removed is reported to those who saw it, whether its publisher named the channel or not.
    @Override
    public void listChanged(String name, @Nullable GuildList before) {
        var change = event.getMutation().getListItem();
        GuildList.Item removed = before == null || !change.getJson().isEmpty() || change.getId() == 0
                ? null
                : before.item(change.getId());
        if (removed == null || !event.hasMembers()) {
            emitToNamedAudience();
        } else {
            emitToViewersOf(removed);
        }
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
                0,
                0,
                Set.copyOf(event.getSelfUsersList()),
                event.getSelfIntents(),
                Set.copyOf(event.getExcludedUsersList()),
                !event.getPayloadRedacted().isEmpty(),
                Set.copyOf(event.getFullRecipientsList()),
                nowMillis);
    }
}
