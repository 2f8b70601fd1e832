package dev.guildcast.fanout.audience;

import dev.guildcast.contract.Permissions;
import dev.guildcast.event.v1.Overwrite;
import dev.guildcast.fanout.view.Channel;
import dev.guildcast.fanout.view.GuildView;
import dev.guildcast.fanout.view.Member;
import dev.guildcast.fanout.view.Role;
import dev.guildcast.fanout.view.RoleSet;
import org.jspecify.annotations.Nullable;

/// What a member may do: roles, then a channel's overwrites, then a time-out.
///
/// User 0 represents all members of a visibility class that have no overwrites of their own.
public final class PermissionRules {
    /// Every permission there is.
    static final long ALL = -1L;

    /// Receives the permissions after each step of the rule.
    @FunctionalInterface
    public interface StepListener {
        StepListener NONE = (rule, permissions) -> {};

        void onStep(String rule, long permissions);
    }

    private PermissionRules() {}

    /// Permissions in the guild, no channel considered.
    static long inGuild(GuildView view, long user, RoleSet roles, StepListener steps) {
        if (user != 0 && user == view.ownerId()) {
            steps.onStep("owner: everything", ALL);
            return ALL;
        }
        Role everyone = view.roles().get(view.id());
        long permissions = everyone == null ? 0 : everyone.permissions();
        steps.onStep("@everyone", permissions);
        for (int i = 0; i < roles.size(); i++) {
            Role role = view.roles().get(roles.get(i));
            if (role != null) {
                permissions |= role.permissions();
                steps.onStep("role " + Long.toUnsignedString(role.id()), permissions);
            }
        }
        if ((permissions & Permissions.ADMINISTRATOR) != 0) {
            steps.onStep("administrator: everything", ALL);
            return ALL;
        }
        return permissions;
    }

    /// Permissions in a channel that is no thread; 0 without VIEW_CHANNEL.
    static long inChannel(GuildView view, long user, RoleSet roles, Channel channel, StepListener steps) {
        long permissions = inGuild(view, user, roles, steps);
        if (permissions == ALL) {
            return ALL;
        }
        Overwrite everyone = null;
        Overwrite own = null;
        long allow = 0;
        long deny = 0;
        for (Overwrite overwrite : channel.overwrites()) {
            if (!overwrite.getRole()) {
                own = overwrite.getId() == user ? overwrite : own;
            } else if (overwrite.getId() == view.id()) {
                everyone = overwrite;
            } else if (roles.contains(overwrite.getId())) {
                allow |= overwrite.getAllow();
                deny |= overwrite.getDeny();
            }
        }
        if (everyone != null) {
            permissions = permissions & ~everyone.getDeny() | everyone.getAllow();
            steps.onStep("overwrite of @everyone", permissions);
        }
        if ((allow | deny) != 0) {
            permissions = permissions & ~deny | allow;
            steps.onStep("overwrites of roles", permissions);
        }
        if (own != null) {
            permissions = permissions & ~own.getDeny() | own.getAllow();
            steps.onStep("overwrite of the member", permissions);
        }
        if ((permissions & Permissions.VIEW_CHANNEL) == 0) {
            steps.onStep("no VIEW_CHANNEL: nothing", 0);
            return 0;
        }
        return permissions;
    }

    /// A member's permissions in the guild, a channel or a thread, at a time of the log.
    ///
    /// A time-out hides nothing: whether a private thread is visible is decided before it applies.
    public static long of(
            GuildView view, Member member, @Nullable Channel channel, long nowMillis, StepListener steps) {
        Channel permissionChannel = channel;
        if (channel != null && channel.thread()) {
            steps.onStep("thread: as in its parent " + Long.toUnsignedString(channel.parentId()), 0);
            permissionChannel = view.channel(channel.parentId());
            if (permissionChannel == null) {
                return 0;
            }
        }
        long permissions = permissionChannel == null
                ? inGuild(view, member.userId(), member.roles(), steps)
                : inChannel(view, member.userId(), member.roles(), permissionChannel, steps);
        if (channel != null && channel.privateThread() && permissions != 0) {
            boolean sees = (permissions & Permissions.MANAGE_THREADS) != 0 || channel.hasThreadMember(member.userId());
            permissions = sees ? permissions : 0;
            steps.onStep(
                    "private thread: " + (sees ? "a member or MANAGE_THREADS" : "neither member nor MANAGE_THREADS"),
                    permissions);
        }
        if (permissions != ALL && member.timedOut(nowMillis)) {
            permissions &= Permissions.ALLOWED_WHILE_TIMED_OUT;
            steps.onStep("timed out", permissions);
        }
        return permissions;
    }
}
