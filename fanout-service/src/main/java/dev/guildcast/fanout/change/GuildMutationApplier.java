package dev.guildcast.fanout.change;

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
import dev.guildcast.fanout.audience.VisibilityChanges;
import dev.guildcast.fanout.delivery.VisibilityChangeEmitter;
import dev.guildcast.fanout.payload.EventPayloads;
import dev.guildcast.fanout.view.Channel;
import dev.guildcast.fanout.view.GuildList;
import dev.guildcast.fanout.view.GuildView;
import dev.guildcast.fanout.view.Member;
import dev.guildcast.fanout.view.RecordRejectedException;
import dev.guildcast.fanout.view.Role;
import dev.guildcast.shard.Outputs;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Applies mutations to a guild's view and emits them to the sessions concerned. Mutations come from a backend's event
/// or from a snapshot part.
///
/// Upserts change the view first and are emitted to those who see the entity afterwards; removals are emitted first.
public final class GuildMutationApplier {
    private final GuildContext guild;
    private final GuildView view;
    private final Audience audience;
    private final long nowMillis;
    private final Outputs out;
    private final ShardContext context;
    private final EventPayloads payloads;

    public GuildMutationApplier(GuildContext guild, long nowMillis, Outputs out, ShardContext context) {
        this.nowMillis = nowMillis;
        this.guild = guild;
        this.view = guild.view();
        this.audience = guild.audience();
        this.out = out;
        this.context = context;
        this.payloads = new EventPayloads(view);
    }

    /// Rejects a mutation that cannot be applied, before anything changes.
    ///
    /// @throws RecordRejectedException if it cannot be applied
    public void validate(Mutation mutation) {
        switch (mutation.getChangeCase()) {
            case ROLE -> {
                if (mutation.getRole().getPartial()
                        && !view.roles().containsKey(mutation.getRole().getId())) {
                    throw new RecordRejectedException("unknown role "
                            + Long.toUnsignedString(mutation.getRole().getId()));
                }
            }
            case CHANNEL -> {
                if (mutation.getChannel().getPartial()
                        && view.channel(mutation.getChannel().getId()) == null) {
                    throw new RecordRejectedException("unknown channel "
                            + Long.toUnsignedString(mutation.getChannel().getId()));
                }
            }
            case CHANNEL_GONE -> channel(mutation.getChannelGone().getId());
            case MEMBER -> {
                if (mutation.getMember().getPartial()) {
                    requireMember(mutation.getMember().getUserId());
                }
            }
            case MEMBER_GONE -> requireMember(mutation.getMemberGone().getUserId());
            case THREAD_MEMBERS -> channel(mutation.getThreadMembers().getThreadId());
            case VOICE_STATE -> {
                long channel = mutation.getVoiceState().getChannelId();
                if (channel != 0) {
                    channel(channel);
                    requireMember(mutation.getVoiceState().getUserId());
                }
            }
            case LIST ->
                view.validateList(
                        mutation.getList().getName(),
                        mutation.getList().getJson().toByteArray());
            case LIST_ITEM -> {
                var item = mutation.getListItem();
                view.validateListItem(item.getName(), item.getId(), itemJson(item));
            }
            case GUILD, GUILD_GONE, OUTAGE, ROLE_GONE, CHANGE_NOT_SET -> {}
        }
    }

    /// @throws RecordRejectedException if it cannot be applied; nothing has changed then
    public void apply(Mutation mutation, ChangeEmitter emitter) {
        validate(mutation);
        applyValid(mutation, emitter);
    }

    /// Applies a mutation that [#validate] has accepted for the view as it is.
    public void applyValid(Mutation mutation, ChangeEmitter emitter) {
        switch (mutation.getChangeCase()) {
            case GUILD -> guild(mutation.getGuild(), emitter);
            case OUTAGE -> guild.setOutage(mutation.getOutage().getUnavailable(), out);
            case ROLE -> role(mutation.getRole(), emitter);
            case ROLE_GONE -> roleGone(mutation.getRoleGone().getId(), emitter);
            case CHANNEL -> {
                if (mutation.getChannel().getThread()) {
                    thread(mutation.getChannel(), emitter);
                } else {
                    channel(mutation.getChannel(), emitter);
                }
            }
            case CHANNEL_GONE -> channelGone(mutation.getChannelGone().getId(), emitter);
            case MEMBER -> member(mutation.getMember(), emitter);
            case MEMBER_GONE -> memberGone(mutation.getMemberGone().getUserId(), emitter);
            case VOICE_STATE -> voiceApplier().apply(mutation.getVoiceState(), emitter);
            case THREAD_MEMBERS ->
                new ThreadMutationApplier(guild, payloads, nowMillis, out).apply(mutation.getThreadMembers(), emitter);
            case LIST -> list(mutation.getList(), emitter);
            case LIST_ITEM -> listItem(mutation.getListItem(), emitter);
            case GUILD_GONE, CHANGE_NOT_SET ->
                throw new RecordRejectedException(
                        "mutation is not a change of a guild's entities: " + mutation.getChangeCase());
        }
    }

    private void guild(GuildUpsert upsert, ChangeEmitter emitter) {
        boolean known = view.ownerId() != 0 || !view.fields().toRecord().isEmpty();
        long ownerBefore = view.ownerId();
        boolean changed = view.put(upsert);
        VisibilityChanges changes = ownerBefore == view.ownerId()
                ? VisibilityChanges.NONE
                : audience.reclassify(List.of(ownerBefore, view.ownerId()), true);
        String type = known ? emitter.upsertEventType("GUILD_CREATE", "GUILD_UPDATE", true, changed) : null;
        if (type != null) {
            emitter.emit(type, Scope.EVERYONE, payloads::guild);
        }
        guild.visibilityEmitter().emit(out, changes, null, 0);
    }

    private void role(RoleUpsert upsert, ChangeEmitter emitter) {
        Role before = view.roles().get(upsert.getId());
        Role role = view.put(upsert);
        String type = emitter.upsertEventType(
                "GUILD_ROLE_CREATE",
                "GUILD_ROLE_UPDATE",
                before != null,
                before == null || !before.hasSameContentAs(role));
        if (type != null) {
            emitter.emit(type, Scope.EVERYONE, () -> payloads.role(role));
        }
        if (before == null || before.permissions() != role.permissions()) {
            guild.visibilityEmitter().emit(out, audience.reclassify(List.of(), true), null, 0);
        }
    }

    private void roleGone(long id, ChangeEmitter emitter) {
        emitter.emit("GUILD_ROLE_DELETE", Scope.EVERYONE, () -> payloads.roleGone(id));
        List<Long> holders = view.removeRole(id);
        guild.visibilityEmitter().emit(out, audience.reclassify(holders, true), null, 0);
    }

    private void channel(ChannelUpsert upsert, ChangeEmitter emitter) {
        Channel before = view.channel(upsert.getId());
        Channel channel = view.put(upsert);
        boolean structure = before == null || !before.overwrites().equals(channel.overwrites());
        VisibilityChanges changes =
                structure ? audience.reclassify(overwriteUsers(before, channel), true) : VisibilityChanges.NONE;
        String type = emitter.upsertEventType(
                "CHANNEL_CREATE",
                "CHANNEL_UPDATE",
                before != null,
                before == null || !before.hasSameContentAs(channel));
        if (type != null) {
            // Users who see the channel only now receive CHANNEL_CREATE instead.
            Scope scope = new Scope.Viewers(channel);
            emitter.emit(
                    type,
                    before == null || changes.isEmpty()
                            ? scope
                            : new Scope.Except(scope, VisibilityChangeEmitter.gainers(changes, channel.id())),
                    () -> payloads.channel(channel));
        }
        guild.visibilityEmitter().emit(out, changes, before, before == null ? channel.id() : 0);
    }

    private void thread(ChannelUpsert upsert, ChangeEmitter emitter) {
        Channel before = view.channel(upsert.getId());
        Channel thread = view.put(upsert);
        String type = emitter.upsertEventType(
                "THREAD_CREATE", "THREAD_UPDATE", before != null, before == null || !before.hasSameContentAs(thread));
        if (type != null) {
            emitter.emit(type, new Scope.Viewers(thread), () -> payloads.channel(thread));
        }
    }

    private void channelGone(long id, ChangeEmitter emitter) {
        Channel channel = channel(id);
        voiceApplier().channelGone(id);
        emitter.emit(
                channel.thread() ? "THREAD_DELETE" : "CHANNEL_DELETE",
                new Scope.Viewers(channel),
                () -> channel.thread() ? payloads.threadGone(channel) : payloads.channel(channel));
        view.removeChannel(id);
        if (!channel.thread()) {
            guild.visibilityEmitter()
                    .emit(out, audience.reclassify(overwriteUsers(channel, channel), true), channel, id);
        }
    }

    private void member(MemberUpsert upsert, ChangeEmitter emitter) {
        Member before = view.member(upsert.getUserId());
        Member member = view.put(upsert);
        boolean changed = before == null || !before.hasSameContentAs(member);
        String type = emitter.upsertEventType("GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE", before != null, changed);
        if (before == null) {
            emitter.memberJoined(member.userId());
        }
        if (type != null) {
            emitter.emitWithSelf(type, member.userId(), () -> payloads.member(member));
        }
        if (before != null && !before.roles().equals(member.roles())) {
            guild.visibilityEmitter().emit(out, audience.reclassify(List.of(member.userId()), false), null, 0);
        }
    }

    private void memberGone(long user, ChangeEmitter emitter) {
        Member member = view.member(user);
        if (member == null) {
            return;
        }
        voiceApplier().memberGone(user);
        audience.removeUser(user);
        view.removeMember(user);
        context.memberships().emitLeft(out, view.id(), List.of(user));
        emitter.emit("GUILD_MEMBER_REMOVE", Scope.EVERYONE, () -> payloads.memberGone(member));
    }

    private VoiceMutationApplier voiceApplier() {
        return new VoiceMutationApplier(guild, payloads, out);
    }

    private void list(GuildListReplace replace, ChangeEmitter emitter) {
        GuildList before = view.lists().get(replace.getName());
        view.putList(replace.getName(), replace.getJson().toByteArray());
        emitter.listChanged(replace.getName(), before);
    }

    private void listItem(GuildListItem item, ChangeEmitter emitter) {
        GuildList before = view.lists().get(item.getName());
        view.putListItem(item.getName(), item.getId(), itemJson(item));
        emitter.listChanged(item.getName(), before);
    }

    private static byte @Nullable [] itemJson(GuildListItem item) {
        return item.getJson().isEmpty() ? null : item.getJson().toByteArray();
    }

    private void requireMember(long user) {
        if (view.member(user) == null) {
            throw new RecordRejectedException("unknown member " + Long.toUnsignedString(user));
        }
    }

    private Channel channel(long id) {
        Channel channel = view.channel(id);
        if (channel == null) {
            throw new RecordRejectedException("unknown channel " + Long.toUnsignedString(id));
        }
        return channel;
    }

    private static List<Long> overwriteUsers(@Nullable Channel before, Channel after) {
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
