package dev.guildcast.fanout.shard;

import dev.guildcast.event.v1.ChannelUpsert;
import dev.guildcast.event.v1.GuildListItem;
import dev.guildcast.event.v1.GuildListReplace;
import dev.guildcast.event.v1.GuildUpsert;
import dev.guildcast.event.v1.MemberUpsert;
import dev.guildcast.event.v1.Mutation;
import dev.guildcast.event.v1.Overwrite;
import dev.guildcast.event.v1.RoleUpsert;
import dev.guildcast.fanout.audience.Audience;
import dev.guildcast.fanout.audience.Scope;
import dev.guildcast.fanout.audience.Shifts;
import dev.guildcast.fanout.delivery.ChannelReveals;
import dev.guildcast.fanout.event.Channel;
import dev.guildcast.fanout.event.GuildList;
import dev.guildcast.fanout.event.GuildView;
import dev.guildcast.fanout.event.Member;
import dev.guildcast.fanout.event.Refused;
import dev.guildcast.fanout.event.Role;
import dev.guildcast.shard.Outputs;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Changes a guild's view and tells who is concerned, whether a backend's event or a document's part says so.
///
/// Upserts change the view first and are told to those who see it then; removals are told first.
final class GuildChanges {
    private final GuildState guild;
    private final GuildView view;
    private final Audience audience;
    private final long nowMillis;
    private final Outputs out;
    private final Tools tools;
    private final Words words;

    GuildChanges(GuildState guild, long nowMillis, Outputs out, Tools tools) {
        this.nowMillis = nowMillis;
        this.guild = guild;
        this.view = guild.view();
        this.audience = guild.audience();
        this.out = out;
        this.tools = tools;
        this.words = new Words(view);
    }

    /// Refuses what cannot be applied, before anything changes.
    void check(Mutation mutation) {
        switch (mutation.getChangeCase()) {
            case ROLE -> {
                if (mutation.getRole().getPartial()
                        && !view.roles().containsKey(mutation.getRole().getId())) {
                    throw new Refused("unknown role " + mutation.getRole().getId());
                }
            }
            case CHANNEL -> {
                if (mutation.getChannel().getPartial()
                        && view.channel(mutation.getChannel().getId()) == null) {
                    throw new Refused("unknown channel " + mutation.getChannel().getId());
                }
            }
            case CHANNEL_GONE -> channel(mutation.getChannelGone().getId());
            case MEMBER -> {
                if (mutation.getMember().getPartial()
                        && view.member(mutation.getMember().getUserId()) == null) {
                    throw new Refused("unknown member " + mutation.getMember().getUserId());
                }
            }
            case THREAD_MEMBERS -> channel(mutation.getThreadMembers().getThreadId());
            case VOICE_STATE -> {
                long channel = mutation.getVoiceState().getChannelId();
                if (channel != 0) {
                    channel(channel);
                }
            }
            case GUILD, GUILD_GONE, OUTAGE, ROLE_GONE, MEMBER_GONE, LIST, LIST_ITEM, CHANGE_NOT_SET -> {}
        }
    }

    /// @throws Refused if it cannot be applied; nothing has changed then
    void apply(Mutation mutation, Teller teller) {
        check(mutation);
        switch (mutation.getChangeCase()) {
            case GUILD -> guild(mutation.getGuild(), teller);
            case OUTAGE -> guild.outage(mutation.getOutage().getUnavailable(), out);
            case ROLE -> role(mutation.getRole(), teller);
            case ROLE_GONE -> roleGone(mutation.getRoleGone().getId(), teller);
            case CHANNEL -> {
                if (mutation.getChannel().getThread()) {
                    thread(mutation.getChannel(), teller);
                } else {
                    channel(mutation.getChannel(), teller);
                }
            }
            case CHANNEL_GONE -> channelGone(mutation.getChannelGone().getId(), teller);
            case MEMBER -> member(mutation.getMember(), teller);
            case MEMBER_GONE -> memberGone(mutation.getMemberGone().getUserId(), teller);
            case VOICE_STATE -> new VoiceChanges(view, words).apply(mutation.getVoiceState(), teller);
            case THREAD_MEMBERS ->
                new ThreadChanges(guild, words, nowMillis).apply(mutation.getThreadMembers(), teller);
            case LIST -> list(mutation.getList(), teller);
            case LIST_ITEM -> listItem(mutation.getListItem(), teller);
            case GUILD_GONE, CHANGE_NOT_SET ->
                throw new Refused("no change of a guild's parts: " + mutation.getChangeCase());
        }
    }

    private void guild(GuildUpsert upsert, Teller teller) {
        boolean known = view.ownerId() != 0 || !view.fields().toRecord().isEmpty();
        long ownerBefore = view.ownerId();
        boolean changed = view.put(upsert);
        Shifts shifts = ownerBefore == view.ownerId()
                ? Shifts.NONE
                : audience.resort(List.of(ownerBefore, view.ownerId()), true);
        String type = known ? teller.typeOfUpsert("GUILD_CREATE", "GUILD_UPDATE", true, changed) : null;
        if (type != null) {
            teller.tell(type, Scope.EVERYONE, words::guild);
        }
        guild.reveals().tell(out, shifts, null, 0);
    }

    private void role(RoleUpsert upsert, Teller teller) {
        Role before = view.roles().get(upsert.getId());
        Role role = view.put(upsert);
        String type = teller.typeOfUpsert(
                "GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE", before != null, before == null || !before.shows(role));
        if (type != null) {
            teller.tell(type, Scope.EVERYONE, () -> words.role(role));
        }
        if (before == null || before.permissions() != role.permissions()) {
            guild.reveals().tell(out, audience.resort(List.of(), true), null, 0);
        }
    }

    private void roleGone(long id, Teller teller) {
        teller.tell("GUILD_ROLE_DELETE", Scope.EVERYONE, () -> words.roleGone(id));
        List<Long> holders = view.removeRole(id);
        guild.reveals().tell(out, audience.resort(holders, true), null, 0);
    }

    private void channel(ChannelUpsert upsert, Teller teller) {
        Channel before = view.channel(upsert.getId());
        Channel channel = view.put(upsert);
        boolean structure = before == null || !before.overwrites().equals(channel.overwrites());
        Shifts shifts = structure ? audience.resort(namedUsers(before, channel), true) : Shifts.NONE;
        String type = teller.typeOfUpsert(
                "CHANNEL_CREATE", "CHANNEL_UPDATE", before != null, before == null || !before.shows(channel));
        if (type != null) {
            // Who sees it only now is told by CHANNEL_CREATE.
            Scope scope = new Scope.Viewers(channel);
            teller.tell(
                    type,
                    before == null || shifts.isEmpty()
                            ? scope
                            : new Scope.Except(scope, ChannelReveals.gainers(shifts, channel.id())),
                    () -> words.channel(channel));
        }
        guild.reveals().tell(out, shifts, before, before == null ? channel.id() : 0);
    }

    private void thread(ChannelUpsert upsert, Teller teller) {
        Channel before = view.channel(upsert.getId());
        Channel thread = view.put(upsert);
        String type = teller.typeOfUpsert(
                "THREAD_CREATE", "THREAD_UPDATE", before != null, before == null || !before.shows(thread));
        if (type != null) {
            teller.tell(type, new Scope.Viewers(thread), () -> words.channel(thread));
        }
    }

    private void channelGone(long id, Teller teller) {
        Channel channel = channel(id);
        teller.tell(
                channel.thread() ? "THREAD_DELETE" : "CHANNEL_DELETE",
                new Scope.Viewers(channel),
                () -> channel.thread() ? ChannelReveals.deletedThread(channel, view.id()) : words.channel(channel));
        view.removeChannel(id);
        if (!channel.thread()) {
            guild.reveals().tell(out, audience.resort(namedUsers(channel, channel), true), channel, id);
        }
    }

    private void member(MemberUpsert upsert, Teller teller) {
        Member before = view.member(upsert.getUserId());
        Member member = view.put(upsert);
        boolean changed = before == null || !before.shows(member);
        String type = teller.typeOfUpsert("GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE", before != null, changed);
        if (before == null) {
            teller.joined(member.userId());
        }
        if (type != null) {
            teller.tellWithSelf(type, member.userId(), () -> words.member(member));
        }
        if (before != null && !before.roles().equals(member.roles())) {
            guild.reveals().tell(out, audience.resort(List.of(member.userId()), false), null, 0);
        }
    }

    private void memberGone(long user, Teller teller) {
        Member member = view.member(user);
        if (member == null) {
            return;
        }
        audience.drop(user);
        view.removeMember(user);
        tools.memberships().left(out, view.id(), List.of(user));
        teller.tell("GUILD_MEMBER_REMOVE", Scope.EVERYONE, () -> words.memberGone(member));
    }

    private void list(GuildListReplace replace, Teller teller) {
        GuildList before = view.lists().get(replace.getName());
        view.putList(replace.getName(), replace.getJson().toByteArray());
        teller.listChanged(replace.getName(), before);
    }

    private void listItem(GuildListItem item, Teller teller) {
        GuildList before = view.lists().get(item.getName());
        view.putListItem(
                item.getName(),
                item.getId(),
                item.getJson().isEmpty() ? null : item.getJson().toByteArray());
        teller.listChanged(item.getName(), before);
    }

    private Channel channel(long id) {
        Channel channel = view.channel(id);
        if (channel == null) {
            throw new Refused("unknown channel " + Long.toUnsignedString(id));
        }
        return channel;
    }

    private static List<Long> namedUsers(@Nullable Channel before, Channel after) {
        var users = new ArrayList<Long>();
        for (Channel each : before == null ? List.of(after) : List.of(before, after)) {
            for (Overwrite overwrite : each.overwrites()) {
                if (!overwrite.getRole()) {
                    users.add(overwrite.getId());
                }
            }
        }
        return users;
    }
}
