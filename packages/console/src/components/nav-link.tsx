import Link, { type LinkProps } from '@cloudscape-design/components/link';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';

interface NavLinkProps {
  readonly href: string;
  readonly children: ReactNode;
  readonly variant?: LinkProps.Variant;
  readonly fontSize?: LinkProps.FontSize;
  readonly ariaLabel?: string;
}

/** A link to another page of the console: opens in place, and in a new tab when the viewer asks for one. */
export function NavLink({ href, children, ...rest }: NavLinkProps) {
  const navigate = useNavigate();
  return (
    <Link
      {...rest}
      href={href}
      onFollow={(event) => {
        event.preventDefault();
        void navigate(href);
      }}
    >
      {children}
    </Link>
  );
}
