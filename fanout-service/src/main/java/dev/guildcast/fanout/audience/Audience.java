package dev.guildcast.fanout.audience;

import dev.guildcast.event.v1.GuildStateEntity;
import dev.guildcast.event.v1.SubscriptionState;
import dev.guildcast.fanout.view.DirtyEntities;
import dev.guildcast.fanout.view.EntityKey;
import dev.guildcast.fanout.view.GuildView;
import dev.guildcast.fanout.view.Member;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One guild's subscribed sessions, sorted into visibility classes.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** one entry a subscribed session; sessions of non-members are never held.
/// - **Promise:** classes are a function of view and subscriptions alone, so a restored process has the same.
public final class Audience {
    private final GuildView view;
    private final DirtyEntities dirty;
    private final TreeMap<String, Subscription> byKey = new TreeMap<>();
    private final TreeMap<Long, TreeSet<Subscription>> byUser = new TreeMap<>();
    private final TreeMap<ClassKey, VisibilityClass> classes = new TreeMap<>();
    private final Map<Long, VisibilityClass> classOf = new HashMap<>();

    public Audience(GuildView view, DirtyEntities dirty) {
        this.view = view;
        this.dirty = dirty;
    }

    /// Subscribes a member's session; false if it is subscribed already.
    ///
    /// @throws IllegalStateException if its user is no member
    public boolean subscribe(Subscription session) {
        if (byKey.putIfAbsent(session.key(), session) != null) {
            return false;
        }
        markDirty(session);
        byUser.computeIfAbsent(session.userId(), ignored -> new TreeSet<>()).add(session);
        classify(session.userId()).add(session);
        return true;
    }

    public void unsubscribe(int shard, long offset) {
        Subscription session = byKey.remove(shard + "-" + offset);
        if (session != null) {
            markDirty(session);
            VisibilityClass from = classOf.get(session.userId());
            if (from != null) {
                from.remove(session);
                dropIfEmpty(from);
            }
            TreeSet<Subscription> rest = byUser.get(session.userId());
            if (rest != null && rest.remove(session) && rest.isEmpty()) {
                byUser.remove(session.userId());
                classOf.remove(session.userId());
            }
        }
    }

    /// Removes a user's sessions, because the user left.
    public void removeUser(long user) {
        List.copyOf(sessionsOf(user)).forEach(session -> unsubscribe(session.shard(), session.offset()));
    }

    public @Nullable Subscription find(int shard, long offset) {
        return byKey.get(shard + "-" + offset);
    }

    /// A user's sessions, by shard and offset.
    public Collection<Subscription> sessionsOf(long user) {
        return Collections.unmodifiableCollection(byUser.getOrDefault(user, new TreeSet<>()));
    }

    /// Subscribed users and their sessions, by id.
    public NavigableMap<Long, TreeSet<Subscription>> users() {
        return Collections.unmodifiableNavigableMap(byUser);
    }

    public int size() {
        return byKey.size();
    }

    /// The class of a subscribed user; null for others.
    public @Nullable VisibilityClass classOf(long user) {
        return classOf.get(user);
    }

    public Collection<VisibilityClass> classes() {
        return Collections.unmodifiableCollection(classes.values());
    }

    /// Reclassifies after a change of the view.
    ///
    /// @param candidates users who may belong to another class now
    /// @param structureChanged whether roles, overwrites or channels changed, so that every class is recomputed
    public VisibilityChanges reclassify(Collection<Long> candidates, boolean structureChanged) {
        Map<Long, VisibleChannels> movers = new LinkedHashMap<>();
        for (Long user : new TreeSet<>(candidates)) {
            VisibilityClass from = classOf.get(user);
            Member member = view.member(user);
            if (from != null && member != null && !from.key().equals(ClassKey.of(view, member))) {
                movers.put(user, from.visibleChannels());
                sessionsOf(user).forEach(from::remove);
                classOf.remove(user);
            }
        }
        var classChanges = new ArrayList<VisibilityChanges.ClassChange>();
        if (structureChanged) {
            for (VisibilityClass each : classes.values()) {
                VisibleChannels before = each.visibleChannels();
                each.recompute(view);
                VisibleChannels after = each.visibleChannels();
                if (!before.equals(after) && !each.isEmpty()) {
                    classChanges.add(new VisibilityChanges.ClassChange(each, before, after));
                }
            }
        }
        var userChanges = new ArrayList<VisibilityChanges.UserChange>();
        movers.forEach((user, before) -> {
            VisibilityClass now = classify(user);
            sessionsOf(user).forEach(now::add);
            VisibleChannels after = now.visibleChannels();
            if (!before.equals(after)) {
                userChanges.add(new VisibilityChanges.UserChange(user, now, before, after));
            }
        });
        classes.values().removeIf(VisibilityClass::isEmpty);
        return new VisibilityChanges(classChanges, userChanges, new HashSet<>(movers.keySet()));
    }

    /// Marks every subscription dirty, because the guild is removed.
    public void markAllDirty() {
        byKey.values().forEach(this::markDirty);
    }

    public @Nullable GuildStateEntity entity(String key) {
        Subscription session = byKey.get(key);
        return session == null
                ? null
                : GuildStateEntity.newBuilder()
                        .setSubscription(session.toState())
                        .build();
    }

    /// Restores the subscriptions, once the view is whole.
    public void restore(Collection<SubscriptionState> states) {
        states.forEach(state -> subscribe(Subscription.of(state)));
    }

    /// The class of a member, whether or not a session of theirs is subscribed; changes nothing.
    ///
    /// @throws IllegalStateException if the user is no member
    public VisibilityClass visibilityOf(long user) {
        VisibilityClass known = classOf.get(user);
        if (known != null) {
            return known;
        }
        ClassKey key = ClassKey.of(view, requireMember(user));
        VisibilityClass shared = classes.get(key);
        if (shared != null) {
            return shared;
        }
        var alone = new VisibilityClass(key);
        alone.recompute(view);
        return alone;
    }

    private Member requireMember(long user) {
        Member member = view.member(user);
        if (member == null) {
            throw new IllegalStateException("no member " + Long.toUnsignedString(user));
        }
        return member;
    }

    private VisibilityClass classify(long user) {
        VisibilityClass known = classOf.get(user);
        if (known != null) {
            return known;
        }
        Member member = requireMember(user);
        VisibilityClass found = classes.computeIfAbsent(ClassKey.of(view, member), key -> {
            var created = new VisibilityClass(key);
            created.recompute(view);
            return created;
        });
        classOf.put(user, found);
        return found;
    }

    private void dropIfEmpty(VisibilityClass each) {
        if (each.isEmpty()) {
            classes.remove(each.key());
        }
    }

    private void markDirty(Subscription session) {
        dirty.mark(EntityKey.named(EntityKey.Kind.SUBSCRIPTION, view.id(), session.key()));
    }
}
