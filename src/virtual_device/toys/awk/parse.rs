//! The grammar of awk (POSIX, "awk", grammar).

use std::collections::BTreeMap;

use super::scan::{Token, scan};
use super::value::Value;

/// Deepest nesting read (ours).
const DEEPEST: usize = 200;

/// What has a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    Constant(Value),
    Regex(String),
    Name(String),
    Field(Box<Expression>),
    Element(String, Vec<Expression>),
    In(Vec<Expression>, String),
    Assign(Box<Expression>, &'static str, Box<Expression>),
    /// Before (`true`) or after, by so much.
    Step(Box<Expression>, f64, bool),
    Not(Box<Expression>),
    Minus(Box<Expression>),
    Plus(Box<Expression>),
    Two(Box<Expression>, &'static str, Box<Expression>),
    Join(Box<Expression>, Box<Expression>),
    Match(Box<Expression>, Box<Expression>, bool),
    Either(Box<Expression>, Box<Expression>, Box<Expression>),
    Call(String, Vec<Expression>),
    /// From the main input, or from a file; into a place.
    GetLine(Option<Box<Expression>>, Option<Box<Expression>>),
}

/// What is done.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    Block(Vec<Statement>),
    Expression(Expression),
    /// Formatted or not, the values, where to: `>` or `>>` and a file.
    Print(bool, Vec<Expression>, Option<(&'static str, Expression)>),
    If(Expression, Box<Statement>, Option<Box<Statement>>),
    While(Expression, Box<Statement>),
    Do(Box<Statement>, Expression),
    For(Option<Box<Statement>>, Option<Expression>, Option<Box<Statement>>, Box<Statement>),
    Each(String, String, Box<Statement>),
    Delete(String, Option<Vec<Expression>>),
    Next,
    Exit(Option<Expression>),
    Return(Option<Expression>),
    Break,
    Continue,
}

/// When a rule's action is done.
#[derive(Clone, Debug, PartialEq)]
pub enum Pattern {
    Begin,
    End,
    Always,
    When(Expression),
    Between(Expression, Expression),
}

/// A function: its parameters and its body.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    pub parameters: Vec<String>,
    pub body: Statement,
}

/// A whole program.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Program {
    pub rules: Vec<(Pattern, Option<Statement>)>,
    pub functions: BTreeMap<String, Function>,
}

type Parsed<T> = Result<T, String>;

/// Reads a program.
pub fn parse(text: &str) -> Parsed<Program> {
    let mut parser = Parser { tokens: scan(text)?, at: 0, depth: 0, no_in: false, no_more: false };
    let mut program = Program::default();
    parser.pass_ends();
    while parser.peek() != &Token::End {
        parser.item(&mut program)?;
        parser.pass_ends();
    }
    Ok(program)
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    /// `in` belongs to a `for`.
    no_in: bool,
    /// `>` sends a `print` to a file.
    no_more: bool,
}

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).unwrap_or(&Token::End)
    }

    fn take(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    fn has(&mut self, sign: &str) -> bool {
        let met = matches!(self.peek(), Token::Sign(known) | Token::Word(known) if *known == sign);
        self.at += usize::from(met);
        met
    }

    fn sees(&self, sign: &str) -> bool {
        matches!(self.peek(), Token::Sign(known) | Token::Word(known) if *known == sign)
    }

    fn want(&mut self, sign: &str) -> Parsed<()> {
        if self.has(sign) { Ok(()) } else { Err(self.wrong()) }
    }

    fn wrong(&self) -> String {
        let lines = self.tokens[..self.at.min(self.tokens.len())].iter().filter(|token| **token == Token::Line).count();
        format!("syntax error at source line {}", lines + 1)
    }

    fn pass_lines(&mut self) {
        while self.peek() == &Token::Line {
            self.at += 1;
        }
    }

    fn pass_ends(&mut self) {
        while self.peek() == &Token::Line || self.sees(";") {
            self.at += 1;
        }
    }

    fn name(&mut self) -> Parsed<String> {
        match self.take() {
            Token::Name(name) | Token::Call(name) => Ok(name),
            _ => Err(self.wrong()),
        }
    }

    fn item(&mut self, program: &mut Program) -> Parsed<()> {
        if self.has("function") || self.has("func") {
            let name = self.name()?;
            self.want("(")?;
            let mut parameters = Vec::new();
            while !self.has(")") {
                parameters.push(self.name()?);
                self.has(",");
                self.pass_lines();
            }
            self.pass_lines();
            let body = self.block()?;
            program.functions.insert(name, Function { parameters, body });
            return Ok(());
        }
        let pattern = if self.has("BEGIN") {
            Pattern::Begin
        } else if self.has("END") {
            Pattern::End
        } else if self.sees("{") {
            Pattern::Always
        } else {
            let first = self.expression()?;
            if self.has(",") {
                self.pass_lines();
                Pattern::Between(first, self.expression()?)
            } else {
                Pattern::When(first)
            }
        };
        let action = if self.sees("{") { Some(self.block()?) } else { None };
        program.rules.push((pattern, action));
        Ok(())
    }

    fn block(&mut self) -> Parsed<Statement> {
        self.want("{")?;
        let mut all = Vec::new();
        self.pass_ends();
        while !self.has("}") {
            all.push(self.statement()?);
            self.pass_ends();
        }
        Ok(Statement::Block(all))
    }

    /// A statement that may stand on the next line.
    fn body(&mut self) -> Parsed<Box<Statement>> {
        self.pass_lines();
        if self.has(";") {
            return Ok(Box::new(Statement::Block(Vec::new())));
        }
        self.statement().map(Box::new)
    }

    fn statement(&mut self) -> Parsed<Statement> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("nested too deeply".into());
        }
        let statement = self.any_statement();
        self.depth -= 1;
        statement
    }

    fn any_statement(&mut self) -> Parsed<Statement> {
        if self.sees("{") {
            return self.block();
        }
        if self.has("if") {
            self.want("(")?;
            let condition = self.expression()?;
            self.want(")")?;
            let then = self.body()?;
            let before = self.at;
            self.pass_ends();
            if self.has("else") {
                return Ok(Statement::If(condition, then, Some(self.body()?)));
            }
            self.at = before;
            return Ok(Statement::If(condition, then, None));
        }
        if self.has("while") {
            self.want("(")?;
            let condition = self.expression()?;
            self.want(")")?;
            return Ok(Statement::While(condition, self.body()?));
        }
        if self.has("do") {
            let body = self.body()?;
            self.pass_ends();
            self.want("while")?;
            self.want("(")?;
            let condition = self.expression()?;
            self.want(")")?;
            return Ok(Statement::Do(body, condition));
        }
        if self.has("for") { self.for_loop() } else { self.simple() }
    }

    fn for_loop(&mut self) -> Parsed<Statement> {
        self.want("(")?;
        if let [Token::Name(key), Token::Word("in"), Token::Name(array), Token::Sign(")")] =
            &self.tokens[self.at..(self.at + 4).min(self.tokens.len())]
        {
            let (key, array) = (key.clone(), array.clone());
            self.at += 4;
            return Ok(Statement::Each(key, array, self.body()?));
        }
        let first = if self.sees(";") { None } else { Some(Box::new(self.simple()?)) };
        self.want(";")?;
        self.pass_lines();
        let condition = if self.sees(";") { None } else { Some(self.expression()?) };
        self.want(";")?;
        self.pass_lines();
        let step = if self.sees(")") { None } else { Some(Box::new(self.simple()?)) };
        self.want(")")?;
        Ok(Statement::For(first, condition, step, self.body()?))
    }

    fn ends(&self) -> bool {
        matches!(self.peek(), Token::Line | Token::End) || self.sees(";") || self.sees("}")
    }

    fn simple(&mut self) -> Parsed<Statement> {
        if self.sees("print") || self.sees("printf") {
            return self.print();
        }
        if self.has("next") || self.has("nextfile") {
            return Ok(Statement::Next);
        }
        if self.has("break") {
            return Ok(Statement::Break);
        }
        if self.has("continue") {
            return Ok(Statement::Continue);
        }
        if self.has("exit") {
            return Ok(Statement::Exit(if self.ends() { None } else { Some(self.expression()?) }));
        }
        if self.has("return") {
            return Ok(Statement::Return(if self.ends() { None } else { Some(self.expression()?) }));
        }
        if self.has("delete") {
            let name = self.name()?;
            let keys = if self.has("[") { Some(self.list("]")?) } else { None };
            return Ok(Statement::Delete(name, keys));
        }
        if self.has("fflush") {
            if self.has("(") {
                self.list(")")?;
            }
            return Ok(Statement::Block(Vec::new()));
        }
        Ok(Statement::Expression(self.expression()?))
    }

    fn print(&mut self) -> Parsed<Statement> {
        let formatted = self.take() == Token::Word("printf");
        let before = std::mem::replace(&mut self.no_more, true);
        let mut values = Vec::new();
        while !self.ends() && !self.sees(">") && !self.sees(">>") && !self.sees("|") {
            values.push(self.expression()?);
            if !self.has(",") {
                break;
            }
            self.pass_lines();
        }
        // `print (a, b)` is a list in parentheses.
        if let [Expression::In(list, name)] = values.as_slice()
            && name.is_empty()
        {
            values = list.clone();
        }
        let to = if self.has(">>") {
            Some(">>")
        } else if self.has(">") {
            Some(">")
        } else {
            None
        };
        let to = match to {
            Some(how) => Some((how, self.joined(false)?)),
            None => None,
        };
        self.no_more = before;
        if self.sees("|") {
            return Err("pipes to commands are not modelled".into());
        }
        Ok(Statement::Print(formatted, values, to))
    }

    fn list(&mut self, end: &str) -> Parsed<Vec<Expression>> {
        let before = (std::mem::take(&mut self.no_in), std::mem::take(&mut self.no_more));
        let mut all = Vec::new();
        self.pass_lines();
        while !self.has(end) {
            all.push(self.expression()?);
            self.pass_lines();
            if !self.has(",") {
                self.want(end)?;
                break;
            }
            self.pass_lines();
        }
        (self.no_in, self.no_more) = before;
        Ok(all)
    }

    fn expression(&mut self) -> Parsed<Expression> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("nested too deeply".into());
        }
        let expression = self.assignment();
        self.depth -= 1;
        expression
    }

    fn assignment(&mut self) -> Parsed<Expression> {
        let left = self.choice()?;
        let place = matches!(left, Expression::Name(_) | Expression::Field(_) | Expression::Element(..));
        for (sign, operation) in
            [("=", ""), ("+=", "+"), ("-=", "-"), ("*=", "*"), ("/=", "/"), ("%=", "%"), ("^=", "^"), ("**=", "^")]
        {
            if place && self.has(sign) {
                self.pass_lines();
                let value = self.expression()?;
                return Ok(Expression::Assign(Box::new(left), operation, Box::new(value)));
            }
        }
        Ok(left)
    }

    fn choice(&mut self) -> Parsed<Expression> {
        let condition = self.either()?;
        if !self.has("?") {
            return Ok(condition);
        }
        self.pass_lines();
        let yes = self.expression()?;
        self.pass_lines();
        self.want(":")?;
        self.pass_lines();
        let no = self.expression()?;
        Ok(Expression::Either(Box::new(condition), Box::new(yes), Box::new(no)))
    }

    fn either(&mut self) -> Parsed<Expression> {
        let mut left = self.both()?;
        while self.has("||") {
            self.pass_lines();
            left = Expression::Two(Box::new(left), "||", Box::new(self.both()?));
        }
        Ok(left)
    }

    fn both(&mut self) -> Parsed<Expression> {
        let mut left = self.membership()?;
        while self.has("&&") {
            self.pass_lines();
            left = Expression::Two(Box::new(left), "&&", Box::new(self.membership()?));
        }
        Ok(left)
    }

    fn membership(&mut self) -> Parsed<Expression> {
        let mut left = self.matched()?;
        while !self.no_in && self.has("in") {
            let array = self.name()?;
            let keys = match left {
                Expression::In(keys, name) if name.is_empty() => keys,
                other => vec![other],
            };
            left = Expression::In(keys, array);
        }
        Ok(left)
    }

    fn matched(&mut self) -> Parsed<Expression> {
        let mut left = self.compared()?;
        loop {
            let yes = if self.has("~") {
                true
            } else if self.has("!~") {
                false
            } else {
                return Ok(left);
            };
            left = Expression::Match(Box::new(left), Box::new(self.compared()?), yes);
        }
    }

    fn compared(&mut self) -> Parsed<Expression> {
        let left = self.joined(true)?;
        for sign in ["==", "!=", "<=", ">=", "<", ">"] {
            if sign == ">" && self.no_more {
                continue;
            }
            if self.has(sign) {
                return Ok(Expression::Two(Box::new(left), sign, Box::new(self.joined(true)?)));
            }
        }
        Ok(left)
    }

    /// Values side by side are joined.
    fn joined(&mut self, many: bool) -> Parsed<Expression> {
        let mut left = self.sum()?;
        while many && self.begins_operand() {
            left = Expression::Join(Box::new(left), Box::new(self.sum()?));
        }
        Ok(left)
    }

    fn begins_operand(&self) -> bool {
        match self.peek() {
            Token::Number(_) | Token::Text(_) | Token::Regex(_) | Token::Name(_) | Token::Call(_) => true,
            Token::Sign(sign) => matches!(*sign, "$" | "!" | "(" | "-" | "+" | "++" | "--"),
            _ => false,
        }
    }

    fn sum(&mut self) -> Parsed<Expression> {
        let mut left = self.product()?;
        loop {
            let sign = if self.has("+") {
                "+"
            } else if self.has("-") {
                "-"
            } else {
                return Ok(left);
            };
            left = Expression::Two(Box::new(left), sign, Box::new(self.product()?));
        }
    }

    fn product(&mut self) -> Parsed<Expression> {
        let mut left = self.signed()?;
        loop {
            let Some(sign) = ["*", "/", "%"].into_iter().find(|sign| self.has(sign)) else { return Ok(left) };
            left = Expression::Two(Box::new(left), sign, Box::new(self.signed()?));
        }
    }

    fn signed(&mut self) -> Parsed<Expression> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("nested too deeply".into());
        }
        let signed = if self.has("!") {
            Expression::Not(Box::new(self.signed()?))
        } else if self.has("-") {
            Expression::Minus(Box::new(self.signed()?))
        } else if self.has("+") {
            Expression::Plus(Box::new(self.signed()?))
        } else {
            self.power()?
        };
        self.depth -= 1;
        Ok(signed)
    }

    fn power(&mut self) -> Parsed<Expression> {
        let left = self.stepped()?;
        if self.has("^") || self.has("**") {
            let right = self.signed()?;
            return Ok(Expression::Two(Box::new(left), "^", Box::new(right)));
        }
        Ok(left)
    }

    fn stepped(&mut self) -> Parsed<Expression> {
        for (sign, by) in [("++", 1.0), ("--", -1.0)] {
            if self.has(sign) {
                return Ok(Expression::Step(Box::new(self.operand()?), by, true));
            }
        }
        let place = self.operand()?;
        if matches!(place, Expression::Name(_) | Expression::Field(_) | Expression::Element(..)) {
            for (sign, by) in [("++", 1.0), ("--", -1.0)] {
                if self.has(sign) {
                    return Ok(Expression::Step(Box::new(place), by, false));
                }
            }
        }
        Ok(place)
    }

    fn operand(&mut self) -> Parsed<Expression> {
        match self.take() {
            Token::Number(number) => Ok(Expression::Constant(Value::Number(number))),
            Token::Text(text) => Ok(Expression::Constant(Value::Text(text))),
            Token::Regex(pattern) => Ok(Expression::Regex(pattern)),
            Token::Sign("$") => {
                let by = [("++", 1.0), ("--", -1.0)].into_iter().find(|(sign, _)| self.has(sign));
                let inner = if self.has("-") { Expression::Minus(Box::new(self.operand()?)) } else { self.operand()? };
                Ok(Expression::Field(Box::new(match by {
                    Some((_, by)) => Expression::Step(Box::new(inner), by, true),
                    None => inner,
                })))
            }
            Token::Sign("(") => {
                let mut list = self.list(")")?;
                match list.len() {
                    1 => Ok(list.remove(0)),
                    0 => Err(self.wrong()),
                    _ => Ok(Expression::In(list, String::new())),
                }
            }
            Token::Call(name) => {
                self.want("(")?;
                Ok(Expression::Call(name, self.list(")")?))
            }
            Token::Name(name) if self.has("[") => Ok(Expression::Element(name, self.list("]")?)),
            // A function of the language that may do without its parentheses.
            Token::Name(name) if name == "length" => Ok(Expression::Call(name, Vec::new())),
            Token::Name(name) => Ok(Expression::Name(name)),
            Token::Word("getline") => {
                let place = if matches!(self.peek(), Token::Name(_)) || self.sees("$") {
                    Some(Box::new(self.operand()?))
                } else {
                    None
                };
                let file = if self.has("<") { Some(Box::new(self.operand()?)) } else { None };
                Ok(Expression::GetLine(place, file))
            }
            _ => {
                self.at -= 1;
                Err(self.wrong())
            }
        }
    }
}
