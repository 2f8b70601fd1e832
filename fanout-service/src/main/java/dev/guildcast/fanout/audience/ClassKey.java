package dev.guildcast.fanout.audience;

import dev.guildcast.fanout.view.GuildView;
import dev.guildcast.fanout.view.Member;
import dev.guildcast.fanout.view.RoleSet;

/// Key of a visibility class: members with the same roles see the same, unless one of them owns the guild or has an
/// overwrite of its own.
///
/// @param soleUser the user that forms a class by itself; 0: shared by all members with these roles
record ClassKey(RoleSet roles, long soleUser) implements Comparable<ClassKey> {
    static ClassKey of(GuildView view, Member member) {
        return new ClassKey(member.roles(), view.hasOwnVisibility(member.userId()) ? member.userId() : 0);
    }

    @Override
    public int compareTo(ClassKey other) {
        int byRoles = roles.compareTo(other.roles);
        return byRoles != 0 ? byRoles : Long.compareUnsigned(soleUser, other.soleUser);
    }
}
