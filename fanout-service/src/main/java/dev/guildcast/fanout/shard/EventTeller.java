package dev.guildcast.fanout.shard;

import com.google.protobuf.ByteString;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.fanout.audience.Scope;
import dev.guildcast.fanout.audience.Telling;
import dev.guildcast.fanout.event.Channel;
import dev.guildcast.fanout.event.GuildList;
import dev.guildcast.shard.Outputs;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Tells what a backend published, in its own words.
final class EventTeller implements Teller {
    private final GuildState guild;
    private final GuildEvent event;
    private final long nowMillis;
    private final Outputs out;
    private final Tools tools;

    EventTeller(GuildState guild, GuildEvent event, long nowMillis, Outputs out, Tools tools) {
        this.guild = guild;
        this.event = event;
        this.nowMillis = nowMillis;
        this.out = out;
        this.tools = tools;
    }

    /// Creating what is known changes it, and changing what is unknown creates it.
    @Override
    public @Nullable String typeOfUpsert(String create, String update, boolean known, boolean changed) {
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
    public void tell(String type, Scope scope, Supplier<byte[]> words) {
        ByteString redacted = event.getPayloadRedacted();
        guild.announcer().tell(out, type, event.getPayload(), redacted, telling(scope));
    }

    /// Tells the event as it is, to the audience that it names.
    void tellAsNamed() {
        switch (event.getAudienceCase()) {
            case MEMBERS -> tellTo(Scope.EVERYONE);
            case CHANNEL_ID -> {
                Channel channel = guild.view().channel(event.getChannelId());
                if (channel != null) {
                    tellTo(new Scope.Viewers(channel));
                }
            }
            case USERS -> tellTo(new Scope.Only(new HashSet<>(event.getUsers().getIdsList())));
            case SESSIONS ->
                tools.batcher()
                        .toSessions(
                                out,
                                event.getGuildId(),
                                event.getType(),
                                event.getPayload(),
                                event.getSessions().getRefsList());
            case AUDIENCE_NOT_SET -> {}
        }
    }

    private void tellTo(Scope scope) {
        guild.announcer().tell(out, event.getType(), event.getPayload(), event.getPayloadRedacted(), telling(scope));
    }

    @Override
    public void tellOwn(String type, Scope scope, byte[] words) {
        guild.announcer().tell(out, type, words, Telling.of(scope, DerivedEvents.intents(type)));
    }

    /// The event names that user itself.
    @Override
    public void tellWithSelf(String type, long self, Supplier<byte[]> words) {
        tell(type, Scope.EVERYONE, words);
    }

    @Override
    public void listChanged(String name, @Nullable GuildList before) {
        tellAsNamed();
    }

    @Override
    public void joined(long user) {
        tools.memberships().joined(out, guild.view().id(), List.of(user));
    }

    private Telling telling(Scope scope) {
        long channel = 0;
        if (scope instanceof Scope.Viewers viewers) {
            channel = viewers.channel().thread()
                    ? viewers.channel().parentId()
                    : viewers.channel().id();
        }
        return new Telling(
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
