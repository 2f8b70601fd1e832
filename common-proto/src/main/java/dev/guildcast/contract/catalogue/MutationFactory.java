package dev.guildcast.contract.catalogue;

import com.google.protobuf.ByteString;
import dev.guildcast.event.v1.ChannelGone;
import dev.guildcast.event.v1.ChannelUpsert;
import dev.guildcast.event.v1.Field;
import dev.guildcast.event.v1.GuildGone;
import dev.guildcast.event.v1.GuildListItem;
import dev.guildcast.event.v1.GuildListReplace;
import dev.guildcast.event.v1.GuildOutage;
import dev.guildcast.event.v1.GuildUpsert;
import dev.guildcast.event.v1.MemberGone;
import dev.guildcast.event.v1.MemberUpsert;
import dev.guildcast.event.v1.Mutation;
import dev.guildcast.event.v1.Overwrite;
import dev.guildcast.event.v1.RoleGone;
import dev.guildcast.event.v1.RoleUpsert;
import dev.guildcast.event.v1.ThreadMembersChange;
import dev.guildcast.event.v1.VoiceStateUpsert;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Creates the changes of the guild view: an entity as (field, raw text) pairs, and typed values that permissions need.
///
/// In a partial change, a typed value is set only if `fields` contain its field.
final class MutationFactory {
    /// Keys of the guild object that become entities and lists of their own, or are computed for each recipient.
    static final Set<String> EXCLUDED_GUILD_FIELDS = Set.of(
            "roles",
            "channels",
            "threads",
            "members",
            "voice_states",
            "presences",
            "emojis",
            "stickers",
            "stage_instances",
            "guild_scheduled_events",
            "soundboard_sounds",
            "joined_at",
            "large",
            "member_count",
            "unavailable");

    private static final Set<String> EXCLUDED_CHANNEL_FIELDS = Set.of("guild_id", "newly_created", "member");
    private static final Set<String> EXCLUDED_MEMBER_FIELDS = Set.of("guild_id");
    private static final Set<String> EXCLUDED_VOICE_STATE_FIELDS = Set.of("guild_id", "member");

    /// Users added to a thread, or removed from it, in one event: each may be shown a payload of its own.
    private static final int THREAD_MEMBERS_MAX = 1000;

    private MutationFactory() {}

    static Mutation guild(Json guild, boolean partial) {
        var upsert = GuildUpsert.newBuilder()
                .setPartial(partial)
                .addAllFields(fields(guild, EXCLUDED_GUILD_FIELDS))
                .setOwnerId(
                        partial
                                ? guild.idOrZero("owner_id")
                                : guild.get("owner_id").id());
        return Mutation.newBuilder().setGuild(upsert).build();
    }

    static Mutation guildUpdate(Json d) {
        return guild(d, true);
    }

    static Mutation guildDelete(Json d) {
        if (d.has("unavailable")) {
            if (!d.get("unavailable").flag()) {
                throw d.get("unavailable").invalid("must be true (an outage) or absent (the guild is gone)");
            }
            return outage(true);
        }
        return Mutation.newBuilder()
                .setGuildGone(GuildGone.getDefaultInstance())
                .build();
    }

    static Mutation outage(Json d) {
        return outage(d.get("unavailable").flag());
    }

    static Mutation outage(boolean unavailable) {
        return Mutation.newBuilder()
                .setOutage(GuildOutage.newBuilder().setUnavailable(unavailable))
                .build();
    }

    static Mutation role(Json d, boolean partial) {
        return roleUpsert(d.get("role"), partial);
    }

    static Mutation roleUpsert(Json role, boolean partial) {
        var upsert = RoleUpsert.newBuilder()
                .setId(role.get("id").id())
                .setPartial(partial)
                .addAllFields(fields(role, Set.of()));
        if (!partial || role.has("permissions")) {
            upsert.setPermissions(role.get("permissions").bits());
        }
        var position = role.find("position");
        if (position != null) {
            upsert.setPosition(position.count());
        }
        return Mutation.newBuilder().setRole(upsert).build();
    }

    static Mutation roleGone(Json d) {
        return Mutation.newBuilder()
                .setRoleGone(RoleGone.newBuilder().setId(d.get("role_id").id()))
                .build();
    }

    static Mutation channel(Json channel, boolean partial, boolean thread) {
        var upsert = ChannelUpsert.newBuilder()
                .setId(channel.get("id").id())
                .setPartial(partial)
                .setParentId(channel.idOrZero("parent_id"))
                .setOwnerId(channel.idOrZero("owner_id"))
                .addAllFields(fields(channel, EXCLUDED_CHANNEL_FIELDS));
        if (!partial || channel.has("type")) {
            upsert.setType(channel.get("type").count());
        }
        upsert.setThread(thread || upsert.getType() >= 10 && upsert.getType() <= 12);
        if (upsert.getThread() && !partial) {
            channel.get("parent_id").id();
        }
        var overwrites = channel.find("permission_overwrites");
        if (overwrites != null) {
            overwrites.elements().forEach(overwrite -> upsert.addOverwrites(overwrite(overwrite)));
        }
        upsert.setHasOverwrites(!partial || overwrites != null);
        var metadata = channel.find("thread_metadata");
        if (metadata != null) {
            upsert.setArchived(metadata.flagOrFalse("archived"));
        }
        var limit = channel.find("user_limit");
        if (limit != null) {
            upsert.setUserLimit(limit.count());
        }
        return Mutation.newBuilder().setChannel(upsert).build();
    }

    private static Overwrite overwrite(Json overwrite) {
        var allow = overwrite.find("allow");
        var deny = overwrite.find("deny");
        return Overwrite.newBuilder()
                .setId(overwrite.get("id").id())
                .setRole(isRole(overwrite.get("type")))
                .setAllow(allow == null ? 0 : allow.bits())
                .setDeny(deny == null ? 0 : deny.bits())
                .build();
    }

    /// 0 and 1, or the words of an older API version, which some libraries still write.
    private static boolean isRole(Json type) {
        return switch (type.raw().toStringUtf8()) {
            case "0", "\"0\"", "\"role\"" -> true;
            case "1", "\"1\"", "\"member\"" -> false;
            default -> throw type.invalid("must be 0 (a role's) or 1 (a member's)");
        };
    }

    static Mutation channelGone(Json d) {
        return Mutation.newBuilder()
                .setChannelGone(ChannelGone.newBuilder().setId(d.get("id").id()))
                .build();
    }

    static Mutation threadMembers(Json d) {
        var change = ThreadMembersChange.newBuilder().setThreadId(d.get("id").id());
        var added = d.find("added_members");
        if (added != null) {
            requireAtMost(THREAD_MEMBERS_MAX, added);
            added.elements()
                    .forEach(member -> change.addAdded(member.get("user_id").id()));
        }
        var removed = d.find("removed_member_ids");
        if (removed != null) {
            requireAtMost(THREAD_MEMBERS_MAX, removed);
            change.addAllRemoved(removed.ids());
        }
        return Mutation.newBuilder().setThreadMembers(change).build();
    }

    private static void requireAtMost(int max, Json list) {
        int size = list.elements().size();
        if (size > max) {
            throw list.invalid("has " + size + " elements (at most " + max + ")");
        }
    }

    static Mutation member(Json member, boolean partial) {
        var user = member.get("user");
        var upsert = MemberUpsert.newBuilder()
                .setUserId(user.get("id").id())
                .setPartial(partial)
                .setBot(user.flagOrFalse("bot"))
                .setUsername(lower(user.stringOrEmpty("username")))
                .setNick(lower(member.stringOrEmpty("nick")))
                .setHasNick(!partial || member.has("nick"))
                .setHasTimedOut(!partial || member.has("communication_disabled_until"))
                .setTimedOutUntil(time(member, "communication_disabled_until"));
        // A partial update may contain the user's id only, which must not replace the known user object.
        boolean bare = partial && !user.has("username");
        upsert.addAllFields(fields(member, bare ? Set.of("guild_id", "user") : EXCLUDED_MEMBER_FIELDS));
        if (!partial || member.has("roles")) {
            upsert.setHasRoles(true).addAllRoles(member.get("roles").ids());
        }
        return Mutation.newBuilder().setMember(upsert).build();
    }

    static Mutation memberGone(Json d) {
        return Mutation.newBuilder()
                .setMemberGone(
                        MemberGone.newBuilder().setUserId(d.get("user.id").id()))
                .build();
    }

    static Mutation voiceState(Json state) {
        var upsert = VoiceStateUpsert.newBuilder()
                .setUserId(state.get("user_id").id())
                .setChannelId(state.idOrZero("channel_id"))
                .setSessionId(state.stringOrEmpty("session_id"))
                .addAllFields(fields(state, EXCLUDED_VOICE_STATE_FIELDS));
        return Mutation.newBuilder().setVoiceState(upsert).build();
    }

    static Mutation list(Json d, String name) {
        return listReplacement(d.get(name), name);
    }

    static Mutation listReplacement(Json list, String name) {
        list.elements();
        return Mutation.newBuilder()
                .setList(GuildListReplace.newBuilder().setName(name).setJson(list.raw()))
                .build();
    }

    static Mutation item(Json d, String list, String idField) {
        return item(list, d.get(idField).id(), d.raw());
    }

    static Mutation itemGone(Json d, String list, String idField) {
        return item(list, d.get(idField).id(), ByteString.EMPTY);
    }

    private static Mutation item(String list, long id, ByteString json) {
        return Mutation.newBuilder()
                .setListItem(GuildListItem.newBuilder().setName(list).setId(id).setJson(json))
                .build();
    }

    private static List<Field> fields(Json object, Set<String> except) {
        var fields = new ArrayList<Field>(object.fields().size());
        object.fields().forEach((name, value) -> {
            if (!except.contains(name)) {
                fields.add(Field.newBuilder().setName(name).setJson(value.raw()).build());
            }
        });
        return fields;
    }

    /// Unix milliseconds; 0 when the key is absent or null.
    private static long time(Json object, String key) {
        var value = object.find(key);
        if (value == null) {
            return 0;
        }
        try {
            return OffsetDateTime.parse(value.string()).toInstant().toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw value.invalid("must be a time such as 2026-01-31T12:00:00.000000+00:00");
        }
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
