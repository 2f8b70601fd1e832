package dev.guildcast.fanout.audience;

import dev.guildcast.contract.Permissions;
import dev.guildcast.delivery.v1.Group;
import dev.guildcast.event.v1.SessionRef;
import dev.guildcast.fanout.view.GuildView;
import dev.guildcast.fanout.view.Member;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The recipients of one event, by session shard and payload; a session is named at most once.
///
/// Whole classes come from their cached encoded lists; users that differ from their class (excluded, mentioned, timed
/// out, in a private thread) are decided one by one. The cost is classes + interested session shards + such users.
public final class Recipients {
    /// @param full groups of payload 0, with index 0; the recipients of the payload in full
    /// @param redacted the same for the content-free payload, each with index 0 and with index 1
    public record OfShard(List<Group> full, List<List<Group>> redacted) {
        /// Groups and whether each payload is needed: the redacted one has index 1 only beside the full one.
        public List<Group> groups() {
            var all = new ArrayList<>(full);
            redacted.forEach(pair -> all.add(pair.get(full.isEmpty() ? 0 : 1)));
            return all;
        }
    }

    private final GuildView view;
    private final Audience audience;
    private final RecipientFilter rule;
    private final TreeMap<Integer, OfShard> shards = new TreeMap<>();
    private final TreeMap<Integer, List<Subscription>> singleFull = new TreeMap<>();
    private final TreeMap<Integer, List<Subscription>> singleRedacted = new TreeMap<>();

    private Recipients(GuildView view, Audience audience, RecipientFilter rule) {
        this.view = view;
        this.audience = audience;
        this.rule = rule;
    }

    public static Map<Integer, OfShard> of(GuildView view, Audience audience, RecipientFilter rule) {
        var recipients = new Recipients(view, audience, rule);
        recipients.collect();
        return recipients.shards;
    }

    /// The named sessions, whether they are subscribed or not.
    public static Map<Integer, OfShard> ofSessions(Collection<SessionRef> sessions) {
        var shards = new TreeMap<Integer, List<Subscription>>();
        for (SessionRef ref : sessions) {
            shards.computeIfAbsent(ref.getShard(), ignored -> new ArrayList<>())
                    .add(new Subscription(ref.getShard(), ref.getOffset(), 0, 0, 0, true));
        }
        var recipients = new TreeMap<Integer, OfShard>();
        shards.forEach((shard, refs) -> recipients.put(shard, new OfShard(List.of(group(refs, 0)), List.of())));
        return recipients;
    }

    /// Encodes sessions of one shard, ascending.
    public static Group group(Collection<Subscription> sessions, int payload) {
        var group = Group.newBuilder().setPayload(payload);
        long before = 0;
        for (Subscription session : new TreeSet<>(sessions)) {
            group.addRecipients(session.offset() - before);
            before = session.offset();
        }
        return group.build();
    }

    private void collect() {
        Set<Long> exceptions = exceptions();
        for (VisibilityClass each : audience.classes()) {
            if (rule.scope().includes(each) && permits(each.permissions(rule.channel()))) {
                addClass(each, exceptions);
            }
        }
        for (long user : exceptions) {
            VisibilityClass of = audience.classOf(user);
            if (of != null) {
                addUser(user, of);
            }
        }
        singleFull.forEach((shard, sessions) -> ofShard(shard).full().add(group(sessions, 0)));
        singleRedacted.forEach(
                (shard, sessions) -> ofShard(shard).redacted().add(List.of(group(sessions, 0), group(sessions, 1))));
    }

    private Set<Long> exceptions() {
        var exceptions = new TreeSet<>(rule.scope().exceptions());
        exceptions.addAll(rule.excludedUsers());
        exceptions.addAll(rule.selfUsers());
        if (rule.redacted()) {
            exceptions.addAll(rule.fullContentUsers());
        }
        if (!rule.requiredPermissions().isEmpty()) {
            view.timeOuts().forEach((user, until) -> {
                if (until > rule.nowMillis()) {
                    exceptions.add(user);
                }
            });
        }
        exceptions.removeIf(user -> audience.classOf(user) == null);
        return exceptions;
    }

    private void addClass(VisibilityClass each, Set<Long> exceptions) {
        Set<Long> without = new TreeSet<>();
        for (long user : exceptions) {
            if (audience.classOf(user) == each) {
                without.add(user);
            }
        }
        each.shards().forEach((shard, list) -> {
            if (rule.redacted()) {
                List<Group> with = groups(list, IntentFilter.ContentAccess.WITH, without);
                if (with.getFirst().getRecipientsCount() > 0) {
                    ofShard(shard).full().add(with.getFirst());
                }
                List<Group> free = groups(list, IntentFilter.ContentAccess.WITHOUT, without);
                if (free.getFirst().getRecipientsCount() > 0) {
                    ofShard(shard).redacted().add(free);
                }
            } else {
                List<Group> any = groups(list, IntentFilter.ContentAccess.ANY, without);
                if (any.getFirst().getRecipientsCount() > 0) {
                    ofShard(shard).full().add(any.getFirst());
                }
            }
        });
    }

    private List<Group> groups(SessionList list, IntentFilter.ContentAccess content, Set<Long> without) {
        var filter = new IntentFilter(rule.intents(), rule.withIntents(), rule.withoutIntents(), content);
        return without.isEmpty() ? list.groups(filter) : list.groups(filter, without);
    }

    private void addUser(long user, VisibilityClass of) {
        Member member = view.member(user);
        if (member == null
                || rule.excludedUsers().contains(user)
                || !rule.scope().includes(user, of)
                || !permits(permissions(member, of))) {
            return;
        }
        boolean self = rule.selfUsers().contains(user);
        for (Subscription session : audience.sessionsOf(user)) {
            boolean intent = session.hasAnyIntent(rule.intents()) || self && session.hasAnyIntent(rule.selfIntents());
            if (intent && session.hasIntents(rule.withIntents(), rule.withoutIntents())) {
                boolean full = !rule.redacted()
                        || session.content()
                        || rule.fullContentUsers().contains(user);
                (full ? singleFull : singleRedacted)
                        .computeIfAbsent(session.shard(), ignored -> new ArrayList<>())
                        .add(session);
            }
        }
    }

    private long permissions(Member member, VisibilityClass of) {
        long held = of.permissions(rule.channel());
        return held != PermissionRules.ALL && member.timedOut(rule.nowMillis())
                ? held & Permissions.ALLOWED_WHILE_TIMED_OUT
                : held;
    }

    private boolean permits(long held) {
        if (rule.requiredPermissions().isEmpty()) {
            return true;
        }
        for (long set : rule.requiredPermissions()) {
            if ((held & set) == set) {
                return true;
            }
        }
        return false;
    }

    private OfShard ofShard(int shard) {
        return shards.computeIfAbsent(shard, ignored -> new OfShard(new ArrayList<>(), new ArrayList<>()));
    }
}
