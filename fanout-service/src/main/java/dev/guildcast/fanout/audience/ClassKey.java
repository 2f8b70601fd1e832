package dev.guildcast.fanout.audience;

import dev.guildcast.fanout.event.GuildView;
import dev.guildcast.fanout.event.Member;
import dev.guildcast.fanout.event.RoleSet;

/// What makes members see the same: their roles, unless one of them has overwrites of its own or owns the guild.
///
/// @param alone the user that is a class by itself; 0: shared by all with these roles
record ClassKey(RoleSet roles, long alone) implements Comparable<ClassKey> {
    static ClassKey of(GuildView view, Member member) {
        return new ClassKey(member.roles(), view.viewsAlone(member.userId()) ? member.userId() : 0);
    }

    @Override
    public int compareTo(ClassKey other) {
        int byRoles = roles.compareTo(other.roles);
        return byRoles != 0 ? byRoles : Long.compareUnsigned(alone, other.alone);
    }
}
