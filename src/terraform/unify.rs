//! The type that several values have in common.

use super::datum::Sequence;
use super::types::{Field, Type};
use std::sync::Arc;

/// The type to which all convert, if there is one. Types that are not known decide nothing; where the others have none in
/// common, what comes of those decides, and anything is possible.
///
/// Source: `convert.Unify` of zclconf/go-cty.
pub(crate) fn unify(types: Vec<Type>) -> Option<Type> {
    let all = types.len();
    let known: Vec<Type> = types.into_iter().filter(|of| !matches!(of, Type::Any)).collect();
    let is_open = known.len() < all;
    if known.is_empty() {
        return Some(Type::Any);
    }
    unify_known(known).or_else(|| is_open.then_some(Type::Any))
}

fn unify_known(types: Vec<Type>) -> Option<Type> {
    let has = |is: fn(&Type) -> bool| types.iter().any(is);
    let is_text = has(|of| matches!(of, Type::String));
    match types.first()? {
        Type::Bool if types.iter().all(|of| matches!(of, Type::Bool)) => Some(Type::Bool),
        Type::Number if types.iter().all(|of| matches!(of, Type::Number)) => Some(Type::Number),
        _ if types.iter().all(|of| matches!(of, Type::Bool | Type::Number | Type::String)) => {
            is_text.then_some(Type::String)
        }
        Type::Map(_) | Type::Object(_) if has(|of| matches!(of, Type::Map(_))) => unify_maps(types),
        Type::Object(_) => unify_objects(types),
        Type::Sequence(..) | Type::Tuple(_) if has(|of| matches!(of, Type::Sequence(..))) => unify_sequences(types),
        Type::Tuple(_) => unify_tuples(types),
        _ => None,
    }
}

fn unify_maps(types: Vec<Type>) -> Option<Type> {
    if let Some(object) = beside_empty(&types) {
        return Some(object);
    }
    let mut elements = Vec::new();
    for of in types {
        match of {
            Type::Map(of) => elements.push(*of),
            Type::Object(fields) => elements.extend(fields.into_values().map(|field| field.of)),
            _ => return None,
        }
    }
    unify(elements).map(Type::map)
}

/// The one object beside maps of which the elements' type is not known, as of `tomap({})`: Terraform keeps it where its
/// attributes have no type in common.
fn beside_empty(types: &[Type]) -> Option<Type> {
    let mut objects = types.iter().filter(|of| matches!(of, Type::Object(_)));
    let maps = types.iter().filter(|of| matches!(of, Type::Map(of) if matches!(**of, Type::Any))).count();
    let (Some(object), None) = (objects.next(), objects.next()) else { return None };
    let Type::Object(fields) = object else { return None };
    let attributes: Vec<Type> = fields.values().map(|field| field.of.clone()).collect();
    (maps + 1 == types.len() && unify(attributes).is_none()).then(|| object.clone())
}

fn unify_objects(types: Vec<Type>) -> Option<Type> {
    let mut objects = Vec::new();
    for of in types {
        let Type::Object(fields) = of else { return None };
        objects.push(fields);
    }
    let (first, rest) = objects.split_first()?;
    if rest.iter().any(|other| !other.keys().eq(first.keys())) {
        return unify_maps(objects.into_iter().map(Type::Object).collect());
    }
    let field = |name: &Arc<str>| {
        let across = objects.iter().filter_map(|fields| Some(fields.get(name)?.of.clone())).collect();
        Some((Arc::clone(name), Field { of: unify(across)?, optional: false, default: None }))
    };
    first.keys().map(field).collect::<Option<_>>().map(Type::Object)
}

fn unify_sequences(types: Vec<Type>) -> Option<Type> {
    let mut shape = None;
    let mut elements = Vec::new();
    for of in types {
        match of {
            Type::Tuple(items) => elements.extend(items),
            Type::Sequence(own, of) => {
                shape = Some(if shape.is_none_or(|shape| shape == own) { own } else { Sequence::List });
                elements.push(*of);
            }
            _ => return None,
        }
    }
    Some(Type::Sequence(shape?, Box::new(unify(elements)?)))
}

fn unify_tuples(types: Vec<Type>) -> Option<Type> {
    let mut tuples = Vec::new();
    for of in types {
        let Type::Tuple(items) = of else { return None };
        tuples.push(items);
    }
    let length = tuples.first()?.len();
    if tuples.iter().any(|items| items.len() != length) {
        return unify(tuples.into_iter().flatten().collect()).map(Type::list);
    }
    let across = |position| unify(tuples.iter().filter_map(|items| items.get(position).cloned()).collect());
    (0..length).map(across).collect::<Option<_>>().map(Type::Tuple)
}
