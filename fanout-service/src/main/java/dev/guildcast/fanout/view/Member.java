package dev.guildcast.fanout.view;

import dev.guildcast.event.v1.Field;
import dev.guildcast.event.v1.MemberState;
import dev.guildcast.event.v1.MemberUpsert;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A member; `fields` lack `roles`, which are written from the role set.
///
/// Eight components: what permissions, queries and snapshots need of a member in typed form, beside its JSON.
///
/// @param timedOutUntil Unix milliseconds; 0: not timed out
/// @param username lower-case
/// @param nick lower-case; empty when there is none
/// @param generation document generation in which it was last named
public record Member(
        long userId,
        RoleSet roles,
        long timedOutUntil,
        Fields fields,
        boolean bot,
        String username,
        String nick,
        int generation) {
    private static final Set<String> TYPED = Set.of("roles", "guild_id");

    static Member of(MemberUpsert upsert, @Nullable Member known, int generation) {
        RoleSet roles = RoleSet.of(upsert.getRolesList());
        if (known == null || !upsert.getPartial()) {
            return new Member(
                    upsert.getUserId(),
                    roles,
                    upsert.getTimedOutUntil(),
                    Fields.of(upsert.getFieldsList(), TYPED),
                    upsert.getBot(),
                    upsert.getUsername(),
                    upsert.getNick(),
                    generation);
        }
        boolean user = upsert.getFieldsList().stream().map(Field::getName).anyMatch("user"::equals);
        return new Member(
                known.userId,
                upsert.getHasRoles() ? roles : known.roles,
                upsert.getHasTimedOut() ? upsert.getTimedOutUntil() : known.timedOutUntil,
                known.fields.with(upsert.getFieldsList(), TYPED),
                user ? upsert.getBot() : known.bot,
                upsert.getUsername().isEmpty() ? known.username : upsert.getUsername(),
                upsert.getHasNick() ? upsert.getNick() : known.nick,
                generation);
    }

    public boolean timedOut(long nowMillis) {
        return timedOutUntil > nowMillis;
    }

    Member with(RoleSet other) {
        return new Member(userId, other, timedOutUntil, fields, bot, username, nick, generation);
    }

    /// Whether clients see no difference to another one.
    public boolean hasSameContentAs(Member other) {
        return roles.equals(other.roles) && timedOutUntil == other.timedOutUntil && fields.equals(other.fields);
    }

    MemberState toState() {
        var upsert = MemberUpsert.newBuilder()
                .setUserId(userId)
                .setHasRoles(true)
                .setTimedOutUntil(timedOutUntil)
                .setHasTimedOut(true)
                .addAllFields(fields.toRecord())
                .setBot(bot)
                .setUsername(username)
                .setNick(nick)
                .setHasNick(true);
        for (int i = 0; i < roles.size(); i++) {
            upsert.addRoles(roles.get(i));
        }
        return MemberState.newBuilder().setMember(upsert).setNamed(generation).build();
    }
}
